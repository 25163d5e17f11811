package io.involution.api;

import io.involution.driver.input.SavedModel;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A network that a run has trained.
 *
 * @param name such as {@code involution}
 * @param history its epochs, in order
 * @param parametersSha256 digest of the parameters at the end of training
 * @param modelZip the bytes of its model.zip, with the parameters of the best epoch if examples
 *     were held out; not a copy
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainedNetwork(
    String name, List<Epoch> history, String parametersSha256, byte[] modelZip) {
  /** Copies the list. */
  public TrainedNetwork {
    history = List.copyOf(history);
  }

  /** The last epoch. */
  public Epoch last() {
    return history.get(history.size() - 1);
  }

  /**
   * The network with its parameters; the caller closes it.
   *
   * @throws io.involution.failure.InputException when its file is damaged
   */
  public ComputationGraph graph() {
    return SavedModel.read(modelZip, name + "/model.zip").graph();
  }
}
