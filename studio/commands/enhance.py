"""Better light and colour of pictures; noise, JPEG's blocks and blur taken away. What is not asked for stays as it is.

easel enhance photo.jpg --auto -o out
easel enhance scans --denoise 15 --fade 0.8 -o out
"""

from studio.commands.pictures import picture_verb
from studio.engine.tasks.enhance import EnhanceRequest

configure, run = picture_verb(EnhanceRequest)
