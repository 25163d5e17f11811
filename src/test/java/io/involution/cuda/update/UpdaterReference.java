package io.involution.cuda.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's own updaters of a network in float64, block by block. */
final class UpdaterReference implements AutoCloseable {
  private final ComputationGraph graph;
  private final ComputationGraphUpdater updater;
  private final int before;
  private int iteration;

  /**
   * A network in the midst of training.
   *
   * @param iteration steps that its updater has seen
   * @param before DL4J's counter of epochs, which has those before
   */
  UpdaterReference(ComputationGraphConfiguration configuration, int iteration, int before) {
    String json = configuration.toJson().replaceAll("(\"dataType\" *: *)\"FLOAT\"", "$1\"DOUBLE\"");
    graph = UpdaterCases.graph(ComputationGraphConfiguration.fromJson(json));
    assertThat(graph.params().dataType()).isEqualTo(DataType.DOUBLE);
    updater = graph.getUpdater(true);
    this.iteration = iteration;
    this.before = before;
  }

  ComputationGraph graph() {
    return graph;
  }

  int length() {
    return Math.toIntExact(graph.numParams());
  }

  int stateLength() {
    return Math.toIntExact(updater.getStateViewArray().length());
  }

  /** The blocks that have a state. */
  List<UpdaterBlock> blocks() {
    return updater.getUpdaterBlocks().stream()
        .filter(block -> block.getUpdaterViewOffsetEnd() > block.getUpdaterViewOffsetStart())
        .toList();
  }

  void start(float[] parameters, float[] state) {
    graph.params().assign(row(parameters));
    INDArray view = updater.getStateViewArray();
    view.assign(row(state).reshape(view.shape()));
  }

  /**
   * A step.
   *
   * @param gradients sums over the minibatch; 0 for what is not trained
   * @param count its examples
   */
  void step(float[] gradients, int count) {
    INDArray changes = row(gradients);
    updater.update(
        new WholeGradient(changes), iteration++, before, count, LayerWorkspaceMgr.noWorkspaces());
    graph.params().subi(changes);
  }

  double[] parameters() {
    return graph.params().data().asDouble();
  }

  double[] state() {
    return updater.getStateViewArray().data().asDouble();
  }

  private static INDArray row(float... values) {
    return Nd4j.createFromArray(values).castTo(DataType.DOUBLE);
  }

  /** A gradient that DL4J does not take apart. */
  private static final class WholeGradient extends DefaultGradient {
    private static final long serialVersionUID = 1L;
    private final transient INDArray whole;

    WholeGradient(INDArray whole) {
      super(whole);
      this.whole = whole;
    }

    @Override
    public INDArray gradient() {
      return whole;
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
