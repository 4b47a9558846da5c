"""What people say of passing programs: what is put to them, what they answer, and where else they may be asked."""
