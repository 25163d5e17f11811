package io.involution.layers.array;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Arrays as the layers' loops need them. */
public final class Contiguous {
  private Contiguous() {}

  /** The array itself if it has the type and is contiguous in c order; otherwise a copy. */
  public static INDArray of(
      INDArray array, DataType type, ArrayType place, LayerWorkspaceMgr workspaces) {
    if (array.dataType() == type
        && array.ordering() == 'c'
        && Shape.hasDefaultStridesForShape(array)) {
      return array;
    }
    return workspaces.createUninitialized(place, type, array.shape(), 'c').assign(array);
  }
}
