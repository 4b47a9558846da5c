"""What every part of the harness needs: errors, JSON, files, progress. It knows no benchmark, model or run."""
