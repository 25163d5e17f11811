package io.involution.layers;

import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The running form of a {@link ShortcutVertex}: a layer that gets a second input. */
@SuppressWarnings("overrides") // DL4J implements a method with varargs by one with an array
final class ShortcutRun extends LayerVertex {
  private static final long serialVersionUID = 1L;

  private final transient BatchNormBlockLayer block;

  ShortcutRun(ComputationGraph graph, BatchNormBlockLayer layer, Place place, DataType type) {
    super(graph, place.name, place.index, layer, place.before, place.output, type);
    block = layer;
  }

  /**
   * Where the vertex is.
   *
   * @param name its name
   * @param index its index in the network
   * @param output whether it is an output of the network
   * @param before what is done to its input first; null for nothing
   */
  record Place(String name, int index, boolean output, InputPreProcessor before) {}

  @Override
  public void setInput(int number, INDArray input, LayerWorkspaceMgr workspaces) {
    if (number == 0) {
      super.setInput(number, input, workspaces);
    } else {
      getInputs()[number] = input;
    }
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    block.setShortcut(getInputs()[1]);
    return super.doForward(training, workspaces);
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    block.setShortcut(getInputs()[1]);
    Pair<Gradient, INDArray[]> pair = super.doBackward(tbptt, workspaces);
    return new Pair<>(
        pair.getFirst(), new INDArray[] {pair.getSecond()[0], block.shortcutGradient()});
  }

  @Override
  public void clear() {
    super.clear();
    block.setShortcut(null);
  }
}
