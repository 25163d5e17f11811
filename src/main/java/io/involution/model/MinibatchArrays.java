package io.involution.model;

import io.involution.data.ImageShape;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The arrays of the minibatch sizes that were asked for last; those of other sizes are closed. */
final class MinibatchArrays implements AutoCloseable {
  /** Of two sizes each: those of training, held-out, and test examples. */
  static final int MOST = 6;

  /** The one that was asked for longest ago is first. */
  private final Map<Layout, Pair> byLayout = new LinkedHashMap<>(2 * MOST, 0.75f, true);

  /** What determines the shapes of the arrays; no classes without labels. */
  private record Layout(int size, ImageShape image, int classes) {}

  /**
   * The images and labels of one minibatch size.
   *
   * @param labels null where there are none
   */
  record Pair(INDArray images, INDArray labels) {
    private void close() {
      images.close();
      if (labels != null) {
        labels.close();
      }
    }
  }

  /**
   * The arrays of a size, which stay until as many other sizes as are kept were asked for.
   *
   * @param classes 0 for no labels
   */
  Pair of(int size, ImageShape image, int classes) {
    Layout layout = new Layout(size, image, classes);
    Pair found = byLayout.get(layout);
    if (found == null) {
      makeRoom();
      found = allocate(layout);
      byLayout.put(layout, found);
    }
    return found;
  }

  private void makeRoom() {
    Iterator<Pair> oldest = byLayout.values().iterator();
    while (byLayout.size() >= MOST) {
      oldest.next().close();
      oldest.remove();
    }
  }

  /** How many sizes have arrays. */
  int kept() {
    return byLayout.size();
  }

  private static Pair allocate(Layout layout) {
    ImageShape image = layout.image();
    return new Pair(
        Nd4j.create(DataType.FLOAT, layout.size(), image.channels(), image.height(), image.width()),
        layout.classes() == 0
            ? null
            : Nd4j.create(DataType.FLOAT, layout.size(), layout.classes()));
  }

  /** Frees the arrays. */
  @Override
  public void close() {
    byLayout.values().forEach(Pair::close);
    byLayout.clear();
  }
}
