package io.involution.bench.contender;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.involution.bench.BenchNetwork;
import io.involution.bench.NetworkSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * PyTorch's step: forward, {@code autograd.grad} and the fused Adam in one call into native code.
 * Its minibatches lie ready as float32 tensors; nothing is copied.
 */
public final class PyTorchTraining implements Training {
  private static final String STEP =
      """
        def forward(self: __torch__.Network, x: Tensor, y: Tensor, p: List[Tensor], \
      s: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor]) -> Tensor:
      LOGITS\
          loss = torch.cross_entropy_loss(logits, y)
          grads = annotate(List[Tensor], [])
          values = annotate(List[Tensor], [])
          for grad in torch.grad([loss], p):
            _0 = torch.append(grads, unchecked_cast(Tensor, grad))
          for value in p:
            _1 = torch.append(values, torch.detach(value))
          _2 = torch._foreach_add_(t, 1)
          _3 = torch._fused_adam_(values, grads, m, v, annotate(List[Tensor], []), t, \
      lr=0.001, beta1=0.9, beta2=0.999, weight_decay=0., eps=1e-07, amsgrad=False, maximize=False)
          return torch.detach(loss)
      """;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final PtSymbolBlock module;
  private final NetworkSize size;
  private final NDList state = new NDList();
  private final List<PtNDArray> images = new ArrayList<>();
  private final List<PtNDArray> labels = new ArrayList<>();
  private int taken;

  private PyTorchTraining(TorchNetwork network, BenchData data) {
    JniUtils.setGradMode(true);
    // The profiling executor's first runs are slow, and it fuses nothing on a CPU.
    JniUtils.setGraphExecutorOptimize(false);
    module = TorchScript.load(manager, STEP.replace("LOGITS", network.logits()));
    TorchArrays arrays = new TorchArrays(manager, network.channelsLast());
    PtNDArray[] parameters = arrays.initial(network.parameters());
    Arrays.stream(parameters).forEach(each -> each.setRequiresGradient(true));
    addState("p", parameters);
    addState("s", arrays.initial(network.buffers()));
    addState("m", arrays.zeros(network.parameters()));
    addState("v", arrays.zeros(network.parameters()));
    PtNDArray[] steps = new PtNDArray[parameters.length];
    Arrays.setAll(steps, each -> (PtNDArray) manager.zeros(new Shape()));
    addState("t", steps);
    for (int minibatch = 0; minibatch < BenchData.BATCHES; minibatch++) {
      images.add(arrays.images(data, minibatch));
      labels.add(arrays.labels(data, minibatch));
    }
    long trainable = Arrays.stream(parameters).mapToLong(PtNDArray::size).sum();
    size = new NetworkSize(trainable, network.statistics());
  }

  /** Adds the arrays of one list among the step's arguments, told by their common name. */
  private void addState(String name, PtNDArray... arrays) {
    for (PtNDArray array : arrays) {
      array.setName(name + "[]");
      state.add(array);
    }
  }

  /** Serves the runner. */
  public static void main(String[] arguments) throws IOException {
    ContenderLoop.serve(new PyTorch(), arguments);
  }

  /** PyTorch's ways to write the networks. */
  private static final class PyTorch implements Peer {
    @Override
    public List<String> formulations(ContenderOptions options) {
      return Arrays.stream(networks(options.network())).map(PyTorch::label).toList();
    }

    @Override
    public Training start(ContenderOptions options, String formulation) {
      TorchNetwork network =
          Arrays.stream(networks(options.network()))
              .filter(each -> label(each).equals(formulation))
              .findFirst()
              .orElseThrow();
      return new PyTorchTraining(network, new BenchData(options.batch()));
    }

    private static TorchNetwork[] networks(BenchNetwork network) {
      return network == BenchNetwork.CONVOLUTION
          ? TorchConvolution.values()
          : TorchInvolution.values();
    }

    private static String label(TorchNetwork network) {
      return network.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public NetworkSize size() {
    return size;
  }

  @Override
  public StepTime run(int steps) {
    return StepTime.of(steps, this::step);
  }

  private double step() {
    int minibatch = taken++ % BenchData.BATCHES;
    NDList arguments = new NDList(images.get(minibatch), labels.get(minibatch));
    arguments.addAll(state);
    // Only in DJL's training mode does PyTorch keep what the backward pass needs.
    try (NDList loss = IValueUtils.forward(module, arguments, true)) {
      return loss.get(0).getFloat();
    }
  }

  @Override
  public void close() {
    module.close();
    manager.close();
  }
}
