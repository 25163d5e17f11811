package io.involution.model.network;

import io.involution.optimizer.MatrixShape;
import io.involution.optimizer.MuonUpdater;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's updater, given the network's own gradient array. DL4J compares gradients by identity, but
 * its gradient object returns a new view of the vector each time; so it mistakes every gradient for
 * another network's and creates two views of each parameter in each step, which costs more than the
 * update.
 */
final class WholeGradientUpdater extends ComputationGraphUpdater {
  private static final long serialVersionUID = 1L;

  WholeGradientUpdater(ComputationGraph graph) {
    super(graph);
    getUpdaterBlocks().forEach(WholeGradientUpdater::nameMatrices);
  }

  /** DL4J's updaters see flat gradients: Muon has to know the shapes in them. */
  private static void nameMatrices(UpdaterBlock block) {
    if (block.getGradientUpdater() instanceof MuonUpdater muon) {
      muon.matrices(
          block.getLayersAndVariablesInBlock().stream()
              .map(state -> state.getLayer().paramTable(false).get(state.getParamName()))
              .map(MatrixShape::of)
              .toList());
    }
  }

  @Override
  public synchronized void update(
      Gradient gradient, int iteration, int epoch, int batchSize, LayerWorkspaceMgr workspaces) {
    Gradient own = new OwnGradient(getFlattenedGradientsView(), gradient);
    super.update(own, iteration, epoch, batchSize, workspaces);
  }

  /** A gradient that always returns the same array. */
  private static final class OwnGradient extends DefaultGradient {
    private static final long serialVersionUID = 1L;

    private final transient INDArray whole;

    OwnGradient(INDArray whole, Gradient parts) {
      super(whole);
      this.whole = whole;
      parts.gradientForVariable().forEach(this::setGradientFor);
    }

    @Override
    public INDArray gradient() {
      return whole;
    }
  }
}
