package io.involution.bench.contender;

import io.involution.bench.NetworkSize;
import io.involution.compute.NativeThreads;
import java.io.IOException;
import java.util.List;
import org.bytedeco.openblas.presets.openblas_nolapack;

/**
 * The GEMM limit: the convolution network's eight convolution products and nothing else, each over
 * the whole batch in one call of the OpenBLAS that this project uses.
 */
public final class MatrixProducts implements Training {
  private final List<MatrixProduct> products;

  private MatrixProducts(int batch) {
    int large = batch * 32 * 32;
    int middle = batch * 16 * 16;
    int small = batch * 8 * 8;
    products =
        List.of(
            // First convolution: forward, weight gradient; nobody needs its input's gradient.
            new MatrixProduct(32, large, 27),
            new MatrixProduct(32, 27, large),
            // Second convolution: forward, weight gradient, input gradient.
            new MatrixProduct(64, middle, 288),
            new MatrixProduct(64, 288, middle),
            new MatrixProduct(288, middle, 64),
            // Third convolution.
            new MatrixProduct(64, small, 576),
            new MatrixProduct(64, 576, small),
            new MatrixProduct(576, small, 64));
    products.forEach(MatrixProduct::chooseLayout);
  }

  /** Serves the runner. */
  public static void main(String[] arguments) throws IOException {
    ContenderLoop.serve(new OpenBlas(), arguments);
  }

  /** The products' only formulation. */
  private static final class OpenBlas implements Peer {
    @Override
    public List<String> formulations(ContenderOptions options) {
      return List.of("sgemm");
    }

    @Override
    public Training start(ContenderOptions options, String formulation) {
      NativeThreads.useOne();
      openblas_nolapack.blas_set_num_threads(options.threads());
      return new MatrixProducts(options.batch());
    }
  }

  @Override
  public NetworkSize size() {
    return new NetworkSize(0, 0);
  }

  @Override
  public boolean learns() {
    return false;
  }

  @Override
  public StepTime run(int steps) {
    return StepTime.of(
        steps,
        () -> {
          products.forEach(MatrixProduct::run);
          return 0;
        });
  }

  @Override
  public void close() {
    products.forEach(MatrixProduct::close);
  }
}
