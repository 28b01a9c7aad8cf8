"""user: answers without doing anything else."""
