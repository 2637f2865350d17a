"""What Streamlit runs for every interaction. It lies here, and not beside app.py, because of `pages/`: see app.py."""

if __name__ == "__main__":  # a new worker process imports this file under another name, and shall not draw a page
    from app import draw

    draw()
