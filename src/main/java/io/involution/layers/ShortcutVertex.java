package io.involution.layers;

import io.involution.layers.norm.ShortcutPlace;
import java.util.Arrays;
import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link BatchNormBlock} with a second input s of the same shape, a shortcut (He et al., "Deep
 * Residual Learning", CVPR 2016), which is added in the same pass: {@code activation(norm(x)) + s},
 * or {@code activation(norm(x) + s)} where it is added before the activation. To DL4J it is a layer
 * with parameters, that happens to have two inputs.
 */
public final class ShortcutVertex extends LayerVertex {
  private static final long serialVersionUID = 1L;

  // model.zip contains the name of this field.
  private boolean beforeActivation;

  /** For the JSON reader, which sets the fields afterwards. */
  @SuppressWarnings("unused")
  private ShortcutVertex() {}

  private ShortcutVertex(
      NeuralNetConfiguration layer, InputPreProcessor preProcessor, boolean beforeActivation) {
    super(layer, preProcessor);
    this.beforeActivation = beforeActivation;
  }

  /**
   * Adds a block with a shortcut to a network.
   *
   * @param graph the network
   * @param name of the block
   * @param place before or after the activation
   * @param block the BatchNorm
   * @param inputs names of the block's input and of the shortcut
   * @return the network
   */
  public static GraphBuilder add(
      GraphBuilder graph,
      String name,
      ShortcutPlace place,
      BatchNormBlock block,
      String... inputs) {
    if (inputs.length != 2 || place == ShortcutPlace.NONE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s needs an input, a shortcut, and a place to add it, not %s and %s",
              name,
              Arrays.toString(inputs),
              place));
    }
    NeuralNetConfiguration layer = graph.getGlobalConfiguration().clone().layer(block).build();
    block.setLayerName(name);
    boolean before = place == ShortcutPlace.BEFORE_ACTIVATION;
    return graph.addVertex(name, new ShortcutVertex(layer, null, before), inputs);
  }

  /** The same with the shortcut added before the activation. */
  public static GraphBuilder addBeforeActivation(
      GraphBuilder graph, String name, BatchNormBlock block, String... inputs) {
    return add(graph, name, ShortcutPlace.BEFORE_ACTIVATION, block, inputs);
  }

  /** The same with the shortcut added after the activation. */
  public static GraphBuilder addAfterActivation(
      GraphBuilder graph, String name, BatchNormBlock block, String... inputs) {
    return add(graph, name, ShortcutPlace.AFTER_ACTIVATION, block, inputs);
  }

  /** Whether the shortcut is added before the activation. */
  public boolean isBeforeActivation() {
    return beforeActivation;
  }

  /** Where the shortcut is added. */
  public ShortcutPlace place() {
    return beforeActivation ? ShortcutPlace.BEFORE_ACTIVATION : ShortcutPlace.AFTER_ACTIVATION;
  }

  /**
   * The block.
   *
   * @throws IllegalArgumentException if a file names another layer
   */
  public BatchNormBlock block() {
    if (getLayerConf().getLayer() instanceof BatchNormBlock block) {
      return block;
    }
    throw new IllegalArgumentException(
        "a ShortcutVertex takes a BatchNormBlock, not " + getLayerConf().getLayer());
  }

  @Override
  public int minVertexInputs() {
    return 2;
  }

  @Override
  public int maxVertexInputs() {
    return 2;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    BatchNormBlockLayer layer =
        (BatchNormBlockLayer)
            block().instantiate(getLayerConf(), null, index, parameters, initialize, type);
    layer.addShortcut(place());
    boolean output = graph.getConfiguration().getNetworkOutputs().contains(name);
    return new ShortcutRun(
        graph, layer, new ShortcutRun.Place(name, index, output, getPreProcessor()), type);
  }

  /** DL4J asks with the first input alone, which says all. */
  @Override
  public InputType getOutputType(int index, InputType... inputs) throws InvalidInputTypeException {
    return super.getOutputType(index, inputs[0]);
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    return super.getMemoryReport(inputs[0]);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // DL4J's makes a plain LayerVertex
  public GraphVertex clone() {
    ShortcutVertex copy =
        new ShortcutVertex(
            getLayerConf().clone(),
            getPreProcessor() == null ? null : getPreProcessor().clone(),
            beforeActivation);
    copy.setOutputVertex(isOutputVertex());
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShortcutVertex that
        && super.equals(other)
        && beforeActivation == that.beforeActivation;
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + Boolean.hashCode(beforeActivation);
  }
}
