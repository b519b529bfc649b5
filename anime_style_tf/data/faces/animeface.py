"""AnimeFace 2009, the paper's detector: the C library inside the `animeface` package.

The package's own Python module reads the memory of Pillow's images, which moved in Pillow 12:
since then it finds nothing and says nothing. The library itself works on matrices of floats. It
is called here with NumPy arrays, in the steps and with the constants of that module, so that the
results are the same (tests/data/faces/animeface_2_0_3.json) with any Pillow.

Source: nya3jp/python-animeface 2.0.3, animeface/_nvxs.c; nagadomi/animeface-2009, nvxs 1.0.2.
"""

import ctypes
import functools
import importlib.metadata
from pathlib import Path

import numpy as np

from anime_style_tf.data.faces.face import Face
from anime_style_tf.data.pictures import decode_png
from anime_style_tf.errors import InputError

# Drawn by `benchmarks/face_drawings.py`, under this project's own license.
SELF_TEST = Path(__file__).with_name("self_test.png")

_EDGE_LEVEL = 4.0
_WINDOW_STEP = 4.0
_WINDOW_GROWTH = 1.095
_LEAST_WINDOW = 42.592  # pixels; the side of the smallest face
_MAX_FACES = 4096
_BLUE_GREEN_RED = np.s_[..., ::-1]


class _Matrix(ctypes.Structure):
    """`nv_matrix_t`."""

    _fields_ = [
        ("list", ctypes.c_int),
        ("list_step", ctypes.c_uint),
        ("n", ctypes.c_int),
        ("m", ctypes.c_int),
        ("rows", ctypes.c_int),
        ("cols", ctypes.c_int),
        ("step", ctypes.c_int),
        ("alias", ctypes.c_int),
        ("v", ctypes.c_void_p),
    ]


class _Rectangle(ctypes.Structure):
    """`nv_rect_t`."""

    _fields_ = [(name, ctypes.c_int) for name in ("x", "y", "width", "height")]

    def center(self):
        return self.x + self.width / 2, self.y + self.height / 2


class _Position(ctypes.Structure):
    """`nv_face_position_t`; left and right are the character's own."""

    _fields_ = [
        ("likelihood", ctypes.c_float),
        ("face", _Rectangle),
        ("left_eye", _Rectangle),
        ("right_eye", _Rectangle),
        ("nose", _Rectangle),
        ("mouth", _Rectangle),
        ("chin", _Rectangle),
    ]


class AnimeFace:
    """Finds anime faces that lean by at most about 30 degrees; see `Detector`.

    The smallest face has a box of 42 pixels, the largest 3/4 of the picture's shorter side. The
    time grows with the number of pixels: about 1 second of processor time for a million.

    Raises:
        InputError: the package is missing, has no library for this machine, or finds no face in
            the drawing that is there to test it.
    """

    def __init__(self):
        self._library = _load_library()
        if not self(decode_png(SELF_TEST.read_bytes())):
            raise InputError(
                "detector 'animeface' is not working: it finds no face in the drawing that it is "
                "tested with; expected animeface 2.0.3, found "
                f"{importlib.metadata.version('animeface')}: pip install 'anime_style_tf[faces]'"
            )

    def __call__(self, image):
        """Returns the faces in uint8 `[height, width, 3]`, sRGB, most likely first."""
        height, width = image.shape[:2]
        picture = np.ascontiguousarray(image[_BLUE_GREEN_RED], dtype=np.float32)
        gray, smooth, edges = np.zeros((3, height, width, 1), np.float32)
        sums, edge_sums = np.zeros((2, height + 1, width + 1, 1), np.float32)
        lib = self._library
        lib.nv_gray(_matrix(gray), _matrix(picture))
        lib.nv_gaussian5x5(_matrix(smooth), 0, _matrix(gray), 0)
        lib.nv_laplacian1(_matrix(edges), _matrix(smooth), ctypes.c_float(_EDGE_LEVEL))
        lib.nv_integral(_matrix(sums), _matrix(gray), 0)
        lib.nv_integral(_matrix(edge_sums), _matrix(edges), 0)
        faces = self._detect(sums, edge_sums, _Rectangle(0, 0, width, height))
        return sorted(faces, key=lambda face: (-face.likelihood, face.box))

    def _detect(self, sums, edge_sums, picture):
        positions = (_Position * _MAX_FACES)()
        network = functools.partial(_address, self._library)
        judges = (ctypes.c_void_p * 2)(network("face_01"), network("face_02"))
        count = self._library.nv_face_detect(
            positions,
            _MAX_FACES,
            _matrix(sums),
            _matrix(edge_sums),
            ctypes.byref(picture),
            ctypes.c_void_p(network("dir")),
            ctypes.c_void_p(network("face_00")),
            judges,
            len(judges),
            ctypes.c_void_p(network("parts")),
            ctypes.c_float(_WINDOW_STEP),
            ctypes.c_float(_WINDOW_GROWTH),
            ctypes.c_float(_LEAST_WINDOW),
        )
        return [_face(position) for position in positions[:count]]


def _load_library():
    try:
        files = importlib.metadata.files("animeface") or ()
    except importlib.metadata.PackageNotFoundError as error:
        raise InputError(
            "detector 'animeface' needs the package animeface, which is not installed: "
            "pip install 'anime_style_tf[faces]'"
        ) from error
    paths = [file.locate() for file in files if file.name.startswith("libnvxs")]
    try:
        return ctypes.CDLL(str(paths[0]))
    except (IndexError, OSError) as error:
        raise InputError(
            "detector 'animeface': the installed package has no library for this machine (expected "
            f"a file libnvxs*; {error}): install its wheel, pip install --only-binary=:all: "
            "'anime_style_tf[faces]'"
        ) from error


def _matrix(values):
    """A reference to `values`, float32 `[rows, columns, n]`, contiguous, which keep the memory."""
    rows, columns, n = values.shape
    cells = rows * columns
    data = values.ctypes.data
    return ctypes.byref(_Matrix(1, cells * n, n, cells, rows, columns, n, 0, data))


def _address(library, network):
    """Address of one of the networks that the library holds as data."""
    return ctypes.addressof(ctypes.c_char.in_dll(library, f"nv_face_mlp_{network}"))


def _face(position):
    box = position.face
    return Face(
        box=(float(box.x), float(box.y), float(box.width), float(box.height)),
        left_eye=position.right_eye.center(),
        right_eye=position.left_eye.center(),
        likelihood=min(float(position.likelihood), 1.0),
    )
