"""Pictures of the lesson, a module for each experiment."""
