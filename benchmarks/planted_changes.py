"""What happens to a picture between two places on the web: changes that leave it the same work."""

from PIL import Image, ImageDraw, ImageEnhance

from anime_style_tf.evaluation import perturbations

_MARK_SIDE = 256  # a picture is enlarged to this side to be marked


def encoded(image_format, quality):
    """Returns a change: encoding and decoding."""
    return lambda random, picture: perturbations.encoded(picture, image_format, quality)


def resized(scale):
    """Returns a change: another size."""

    def change(random, picture):
        size = tuple(round(scale * side) for side in picture.size)
        return picture.resize(size, Image.Resampling.BICUBIC)

    return change


def cropped(least, most):
    """Returns a change: each side loses its own part of the picture, drawn between the two."""

    def change(random, picture):
        left, top, right, bottom = (random.uniform(least, most, 4) * picture.width).round()
        return picture.crop((left, top, picture.width - right, picture.height - bottom))

    return change


def cut_on_one_side(random, picture):
    """Cuts off a part of 3 to 8 % on one side alone."""
    box = [0, 0, *picture.size]
    side = random.integers(4)
    box[side] += round(random.uniform(0.03, 0.08) * picture.width) * (1 if side < 2 else -1)
    return picture.crop(box)


def brightened(random, picture):
    """Makes a picture a tenth darker or brighter."""
    return ImageEnhance.Brightness(picture).enhance(random.choice([0.9, 1.1]))


def with_gamma(random, picture):
    """Raises the levels to a power."""
    power = random.choice([0.8, 1.25])
    return picture.point([round(255 * (level / 255) ** power) for level in range(256)] * 3)


def tinted(random, picture):
    """Gives each channel a gain of its own."""
    gains = random.uniform(0.9, 1.1, 3)
    return picture.point([min(255, round(gain * level)) for gain in gains for level in range(256)])


def framed(random, picture):
    """Adds a frame of a twenty-fifth of the side, black, white or red."""
    width = max(1, round(picture.width / 25))
    color = [(0, 0, 0), (255, 255, 255), (200, 30, 30)][random.integers(3)]
    frame = Image.new("RGB", tuple(side + 2 * width for side in picture.size), color)
    frame.paste(picture, (width, width))
    return frame


def mirrored(random, picture):
    """Exchanges left and right."""
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def marked(random, picture):
    """Writes a name, half opaque and a tenth of the side high, white or black, anywhere."""
    large = picture.resize((_MARK_SIDE, _MARK_SIDE), Image.Resampling.BICUBIC).convert("RGBA")
    mark = Image.new("RGBA", large.size)
    place = tuple(random.integers(8, [150, 220]).tolist())
    color = (*[(255, 255, 255), (0, 0, 0)][random.integers(2)], 128)
    ImageDraw.Draw(mark).text(place, "@artist", fill=color, font_size=_MARK_SIDE / 10)
    marked_picture = Image.alpha_composite(large, mark).convert("RGB")
    return marked_picture.resize(picture.size, Image.Resampling.LANCZOS)


def one_after_another(*changes):
    """Returns a change: several."""

    def change(random, picture):
        for each in changes:
            picture = each(random, picture)
        return picture

    return change


# Must all be found: the threshold is the least that does.
PLAIN = {
    "JPEG 95": encoded("JPEG", 95),
    "JPEG 75": encoded("JPEG", 75),
    "JPEG 50": encoded("JPEG", 50),
    "WebP 80": encoded("WEBP", 80),
    "half size": resized(0.5),
    "double size": resized(2),
    "mirrored": mirrored,
}
CHANGES = PLAIN | {
    "crop 2-5 %": cropped(0.02, 0.05),
    "crop 5-10 %": cropped(0.05, 0.10),
    "one side, 3-8 %": cut_on_one_side,
    "brightness": brightened,
    "gamma": with_gamma,
    "tint": tinted,
    "frame": framed,
    "watermark": marked,
    "crop 2-5 %, JPEG 75": one_after_another(cropped(0.02, 0.05), encoded("JPEG", 75)),
    "mirrored, half, JPEG 75": one_after_another(mirrored, resized(0.5), encoded("JPEG", 75)),
}
