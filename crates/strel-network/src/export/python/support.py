def element(*rows):
    """A structuring element from its picture, as an array with the origin O or o in the middle."""
    picture = np.array([list(row) for row in rows])
    ((row, column),) = np.argwhere(np.isin(picture, ["O", "o"]))
    height, width = picture.shape
    reach = max(row, height - 1 - row), max(column, width - 1 - column)
    centred = np.zeros((2 * reach[0] + 1, 2 * reach[1] + 1), bool)
    top, left = reach[0] - row, reach[1] - column
    centred[top : top + height, left : left + width] = np.isin(picture, ["O", "#"])
    return centred


def padded(image, rows, columns):
    """The image with what is read outside of it."""
    return np.pad(image, [(rows, rows), (columns, columns)], $PAD)


def cropped(image, rows, columns):
    """The image without what was padded."""
    return image[rows : image.shape[0] - rows, columns : image.shape[1] - columns]


def dilate(image, element):
    """Pixel i is true where image[i - b] is for some offset b of the element."""
    reach = element.shape[0] // 2, element.shape[1] // 2
    return cropped(ndimage.binary_dilation(padded(image, *reach), element), *reach)


def erode(image, element):
    """Pixel i is true where image[i + b] is for every offset b of the element."""
    reach = element.shape[0] // 2, element.shape[1] // 2
    return cropped(ndimage.binary_erosion(padded(image, *reach), element), *reach)


def constant(value, image):
    """One value everywhere, of the size of an image."""
    return np.full(image.shape, value)


def weighted(weight, image, dy, dx):
    """The weight where image[i + (dy, dx)] is true, else 0."""
    rows, columns = abs(dy), abs(dx)
    moved = np.roll(padded(image, rows, columns), (-dy, -dx), (0, 1))
    return weight * cropped(moved, rows, columns).astype(np.int64)


def max_pool(image):
    """Pixel (i, j) is true where one of the four pixels from (2 i, 2 j) on is."""
    height, width = image.shape[0] // 2, image.shape[1] // 2
    return image[: 2 * height, : 2 * width].reshape(height, 2, width, 2).any(axis=(1, 3))
