"""Many images through a network, and sweeps of trainings: on one machine, or on a cluster of Ray.

:func:`apply_folder` and :func:`apply_parquet` share images among processes with Ray Data;
:func:`sweep` looks for good settings of a training with Optuna. All of them go on where they were
stopped or killed: results have names of their own and appear whole or not at all, so that nothing
is lost, and nothing is there twice. ``pip install '.[scale]'`` installs what they take.

On a cluster, ``address`` names it, and folders are on a file system that all machines share.

>>> import pathlib
>>> pathlib.Path('scans').mkdir()
>>> strel.write_image('scans/1.png', np.eye(9, dtype=bool))
>>> apply_folder(run.network, 'scans', 'cleaned')
1
"""

from .folders import apply_folder
from .parquet import apply_parquet
from .sweeps import sweep, validation_score

__all__ = ["apply_folder", "apply_parquet", "sweep", "validation_score"]
