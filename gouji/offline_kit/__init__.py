"""`make offline-kit`: zips from which gouji is installed where there is no network. A tool of the checkout.

`inside/` holds what a kit holds beside the wheels, for people (安装, 打开勾稽, 先看这里) and for Python.
"""
