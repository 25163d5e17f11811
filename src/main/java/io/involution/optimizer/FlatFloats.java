package io.involution.optimizer;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A contiguous array of float32, by parts, on whatever device it is. */
final class FlatFloats {
  private final INDArray flat;
  private final boolean onHost = Nd4j.getEnvironment().isCPU();

  /**
   * An array.
   *
   * @throws IllegalArgumentException if it is not of float32
   */
  FlatFloats(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException("Muon computes in FLOAT, not " + array.dataType());
    }
    flat = array.reshape(array.length());
  }

  /** A copy of a part. */
  float[] get(int at, int length) {
    if (!onHost) {
      return flat.get(NDArrayIndex.interval(at, at + length)).toFloatVector();
    }
    float[] values = new float[length];
    buffer(at).get(values);
    return values;
  }

  /** Overwrites a part. */
  void put(int at, float[] values) {
    if (onHost) {
      buffer(at).put(values);
      return;
    }
    try (INDArray source = Nd4j.createFromArray(values)) {
      flat.get(NDArrayIndex.interval(at, at + values.length)).assign(source);
    }
  }

  private FloatBuffer buffer(int at) {
    FloatBuffer buffer = flat.data().asNioFloat();
    return buffer.position(Math.toIntExact(flat.offset() + at));
  }
}
