package io.involution.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who is timed: this project, its peers, and the limit that the machine sets. */
public enum Contender {
  /** This project, a local trainer's step. */
  OURS("OurTraining", "ours"),
  /** PyTorch, through the Deep Java Library. */
  PYTORCH("PyTorchTraining", "pytorch"),
  /** TensorFlow's graph mode, from Java. */
  TENSORFLOW("TensorFlowTraining", "tensorflow"),
  /** Deeplearning4j's own layers. */
  DL4J("StockTraining", "dl4j"),
  /** The convolution network's matrix products alone. */
  GEMM("MatrixProducts", "gemm");

  private final String mainClass;
  private final String label;

  Contender(String mainClass, String label) {
    this.mainClass = mainClass;
    this.label = label;
  }

  /** Name on the command line and in tables. */
  public String label() {
    return label;
  }

  /** The contender of that name. */
  public static Contender named(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** Whether it has something to do for a network. */
  public boolean enters(BenchNetwork network) {
    return this != GEMM || network == BenchNetwork.CONVOLUTION;
  }

  /** Whether threads of ND4J's and OpenBLAS's are set by the program, not by the environment. */
  boolean setsItsThreads() {
    return this == OURS || this == GEMM;
  }

  /** The command that starts its JVM, without the program's own arguments. */
  public List<String> command(Path folder, int threads) {
    List<String> command = new ArrayList<>();
    command.add(OrderedProcess.java());
    command.add("-Xmx1g");
    command.add("-Dorg.bytedeco.javacpp.maxbytes=6g");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=10g");
    if (this == PYTORCH) {
      command.add("-Dai.djl.offline=true");
      command.add("-Dai.djl.pytorch.num_threads=" + threads);
      command.add("-Dai.djl.pytorch.num_interop_threads=1");
      command.add("-DDJL_CACHE_DIR=" + folder.resolve("djl"));
      command.add("-DENGINE_CACHE_DIR=" + folder.resolve("djl"));
    }
    command.add("-cp");
    command.add(classPath());
    command.add("io.involution.bench.contender." + mainClass);
    return command;
  }

  /** ND4J's and TensorFlow's natives need different releases of JavaCPP. */
  private String classPath() {
    String classPath = System.getProperty("java.class.path");
    String newer = System.getProperty("bench.newer.javacpp", "target/bench-javacpp/*");
    if (this != TENSORFLOW) {
      return classPath;
    }
    String others =
        Arrays.stream(classPath.split(File.pathSeparator, -1))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("javacpp-"))
            .collect(Collectors.joining(File.pathSeparator));
    return newer + File.pathSeparator + others;
  }
}
