"""The only room that knows Kivy: what a `View` says becomes a picture, a sound and a touch."""
