"""Everything that knows Streamlit: the frame, the page kit, links, and our own components."""
