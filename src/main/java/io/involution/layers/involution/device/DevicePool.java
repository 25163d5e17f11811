package io.involution.layers.involution.device;

import io.involution.layers.involution.InvolutionShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** ReLU and 2x2 max-pool of arrays [C, N, H', W'] in ND4J's operations; either is optional. */
final class DevicePool {
  private final InvolutionShape shape;

  DevicePool(InvolutionShape shape) {
    this.shape = shape;
  }

  /** The largest of each window, or the array itself, cut off at 0. */
  INDArray forward(INDArray involved) {
    INDArray best = best(involved);
    return shape.relu ? Nd4j.math().max(best, Nd4j.zerosLike(best)) : best;
  }

  private INDArray best(INDArray involved) {
    INDArray best = corner(involved, 0).dup('c');
    for (int corner = 1; shape.pool && corner < 4; corner++) {
      best = Nd4j.math().max(best, corner(involved, corner).dup('c'));
    }
    return best;
  }

  /** The view of one pixel of each window. */
  private INDArray corner(INDArray involved, int corner) {
    if (!shape.pool) {
      return involved;
    }
    return involved.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        every(corner >> 1, shape.pooledHeight()),
        every(corner & 1, shape.pooledWidth()));
  }

  private static INDArrayIndex every(int first, int count) {
    return NDArrayIndex.interval(first, 2, first + 2 * count - 1);
  }

  /** Sends the gradient back to the first of the largest of each window. */
  INDArray backward(INDArray involved, INDArray epsilon) {
    if (involved == null) {
      return epsilon;
    }
    INDArray best = best(involved);
    INDArray open = shape.relu ? epsilon.mul(best.gt(0).castTo(best.dataType())) : epsilon;
    if (!shape.pool) {
      return open;
    }
    INDArray gradient = Nd4j.create(involved.dataType(), involved.shape());
    INDArray left = Nd4j.onesLike(best);
    for (int corner = 0; corner < 4; corner++) {
      INDArray equal = corner(involved, corner).dup('c').eq(best).castTo(best.dataType());
      INDArray wins = equal.muli(left);
      corner(gradient, corner).assign(open.mul(wins));
      left.subi(wins);
    }
    return gradient;
  }
}
