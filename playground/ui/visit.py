"""What Streamlit runs for every interaction. It lies here, and not beside app.py, because of `pages/`: see app.py."""

from app import draw

draw()
