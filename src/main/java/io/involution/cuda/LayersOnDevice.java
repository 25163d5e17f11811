package io.involution.cuda;

import io.involution.cuda.NetworkGraph.Node;
import io.involution.cuda.layer.Activations;
import io.involution.cuda.layer.ConvolutionOnDevice;
import io.involution.cuda.layer.DenseOnDevice;
import io.involution.cuda.layer.DeviceLayer;
import io.involution.cuda.layer.ExamplesOnDevice;
import io.involution.cuda.layer.InvolutionOnDevice;
import io.involution.cuda.layer.LayerPlace;
import io.involution.cuda.layer.SoftmaxOnDevice;
import io.involution.cuda.layer.norm.BatchNormOnDevice;
import io.involution.cuda.layer.norm.BranchesOnDevice;
import io.involution.cuda.layer.norm.GeluOnDevice;
import io.involution.cuda.layer.norm.GlobalPoolOnDevice;
import io.involution.cuda.layer.norm.ScaleOnDevice;
import io.involution.layers.BatchNormBlock;
import io.involution.layers.ConvolutionBlock;
import io.involution.layers.Dense;
import io.involution.layers.Gelu;
import io.involution.layers.GlobalPool;
import io.involution.layers.Involution;
import io.involution.layers.ShortcutVertex;
import io.involution.layers.SoftmaxCrossEntropy;
import io.involution.layers.SoftmaxOutput;
import io.involution.model.state.ParameterBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/** A network's layers on a device, each where what it takes is made. */
final class LayersOnDevice implements AutoCloseable {
  private final NetworkPlace place;
  private final ExamplesOnDevice examples;
  private final int capacity;
  private final List<DeviceLayer> layers = new ArrayList<>();

  /** What each layer makes, once for each that takes it. */
  private final Map<String, Deque<Activations>> made = new HashMap<>();

  private SoftmaxOnDevice output;

  /**
   * Takes the memory of all layers.
   *
   * @param examples what the first ones take
   * @param capacity the most examples of a minibatch
   */
  LayersOnDevice(NetworkPlace place, ExamplesOnDevice examples, int capacity) {
    this.place = place;
    this.examples = examples;
    this.capacity = capacity;
    try {
      share(place.graph().input(), examples.output());
      for (Node node : place.graph().nodes()) {
        DeviceLayer layer = made(node);
        layers.add(layer);
        share(node.name(), layer.output());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Hands out what a layer makes; those that take it write gradients of their own. */
  private void share(String name, Activations output) {
    int users = place.graph().users(name);
    if (users < 2 || output.gradient() == 0) {
      made.put(name, new ArrayDeque<>(Collections.nCopies(users, output)));
      return;
    }
    BranchesOnDevice branches = new BranchesOnDevice(place(name, output), users);
    layers.add(branches);
    made.put(name, new ArrayDeque<>(branches.all()));
  }

  private LayerPlace place(String name, Activations input) {
    List<ParameterBlock> blocks = place.layout().blocks(name);
    long offset = Float.BYTES * (blocks.isEmpty() ? 0L : blocks.get(0).offset());
    return new LayerPlace(
        place.device(),
        input,
        place.round().header(),
        place.vectors().parameters() + offset,
        place.vectors().gradients() + offset,
        capacity,
        place.precision());
  }

  private DeviceLayer made(Node node) {
    LayerPlace at = place(node.name(), made.get(node.inputs().get(0)).remove());
    if (node.vertex() instanceof ScaleVertex scale) {
      return new ScaleOnDevice(at, (float) scale.getScaleFactor());
    }
    if (node.vertex() instanceof ShortcutVertex vertex) {
      return new BatchNormOnDevice(at, vertex, made.get(node.inputs().get(1)).remove());
    }
    Layer layer = ((LayerVertex) node.vertex()).getLayerConf().getLayer();
    if (layer instanceof ConvolutionBlock block) {
      return new ConvolutionOnDevice(at, block);
    }
    if (layer instanceof Involution involution) {
      return new InvolutionOnDevice(at, involution);
    }
    if (layer instanceof BatchNormBlock block) {
      return new BatchNormOnDevice(at, block);
    }
    if (layer instanceof Gelu) {
      return new GeluOnDevice(at);
    }
    if (layer instanceof GlobalPool pool) {
      return new GlobalPoolOnDevice(at, pool.getKind());
    }
    if (layer instanceof Dense dense) {
      return new DenseOnDevice(at, Math.toIntExact(dense.getNOut()));
    }
    if (layer instanceof SoftmaxOutput last) {
      return last(at, last);
    }
    throw new IllegalStateException("no kernels for " + layer);
  }

  private SoftmaxOnDevice last(LayerPlace at, SoftmaxOutput layer) {
    output =
        new SoftmaxOnDevice(
            at,
            Math.toIntExact(layer.getNOut()),
            layer.hasBias(),
            examples.labels(),
            (SoftmaxCrossEntropy) layer.getLossFn());
    boolean joined =
        !layers.isEmpty()
            && layers.get(layers.size() - 1) instanceof DenseOnDevice before
            && before.output().equals(at.input());
    return joined ? output.after((DenseOnDevice) layers.get(layers.size() - 1)) : output;
  }

  /** The last layer. */
  SoftmaxOnDevice output() {
    return output;
  }

  /**
   * Enqueues a forward pass.
   *
   * @param training whether statistics are the minibatch's and the running ones are moved
   */
  void forward(boolean training) {
    layers.forEach(layer -> layer.forward(training));
  }

  /** Enqueues a backward pass. */
  void backward() {
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).backward();
    }
  }

  @Override
  public void close() {
    layers.forEach(DeviceLayer::close);
  }
}
