#!/bin/bash
# A run that the tasks of a SLURM array share. Each task needs a node with a container engine.
#
#   job=$(sbatch --parsable --array=1-8 docs/scale/slurm.sh --model ./checkpoint --benchmark humaneval -n 20)
#   sbatch --dependency=afterok:$job --wrap "crucible merge runs/slurm-$job/shard-* --out runs/candidate"
#
# A task that is started again goes on where it stopped. To give some of them again in another job, say what they
# belong to: RUN=runs/slurm-1234 SHARDS=8 sbatch --array=3,5 docs/scale/slurm.sh with the same options.
#
#   RUN            folder on a disk that all nodes see; the shards' folders are made in it
#   SHARDS         shards of the run; the last number of the array if it is not set
#   SANDBOX_IMAGE  file made by `docker save`, which each node loads
#SBATCH --job-name=crucible
#SBATCH --requeue
set -euo pipefail

: "${SLURM_ARRAY_TASK_ID:?submit this as an array: sbatch --array=1-8 docs/scale/slurm.sh OPTIONS OF crucible run}"
shards=${SHARDS:-$SLURM_ARRAY_TASK_MAX}
run=${RUN:-runs/slurm-$SLURM_ARRAY_JOB_ID}

if [[ -n ${SANDBOX_IMAGE:-} ]]; then
    docker load --quiet --input "$SANDBOX_IMAGE"
fi
exec crucible run "$@" --shard "$SLURM_ARRAY_TASK_ID/$shards" --out "$run/shard-$SLURM_ARRAY_TASK_ID"
