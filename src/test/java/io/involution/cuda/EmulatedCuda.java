package io.involution.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.jna.NativeLibrary;
import io.involution.cuda.driver.CudaLibrary;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A libcuda.so.1 that runs the kernels on the CPU, compiled by g++ when a source has changed. What
 * device it plays is said by environment variables (CUDA_ON_CPU_..., listed in
 * src/test/cuda/settings.h) or, in this process, by {@link #set}.
 */
public final class EmulatedCuda {
  private static final Path SCRIPT = Path.of("src/test/cuda/build.sh");
  private static final Path OUT = Path.of("target/cuda-on-cpu");
  private static Path built;

  private EmulatedCuda() {}

  /** The library's path; the test is skipped without g++. */
  public static synchronized Path path() {
    if (built == null) {
      built = build("fibers");
    }
    return built;
  }

  /** The library, loaded in this process. */
  public static CudaLibrary library() {
    return CudaLibrary.of(path().toString());
  }

  /** Changes what device this process plays, by a setting's name without CUDA_ON_CPU_. */
  public static void set(String name, Object value) {
    call("cuda_on_cpu_set", name, value.toString());
  }

  /** Plays a device on which nothing has happened, and whose faults are not printed. */
  public static void fresh() {
    path();
    reset();
    set("QUIET", 1);
  }

  /** Takes back all that was {@link #set}, and mends a lost device. */
  public static void reset() {
    call("cuda_on_cpu_reset");
  }

  /** Builds the library; kind as build.sh has it. */
  static Path build(String kind) {
    if (Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .noneMatch(folder -> Files.isExecutable(Path.of(folder, "g++")))) {
      abort("skipped: g++ is not installed, so the CUDA kernels cannot run on this machine's CPU");
    }
    try {
      Files.createDirectories(OUT);
      try (FileChannel file =
              FileChannel.open(
                  OUT.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = file.lock()) {
        return run(lock, kind);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path run(FileLock lock, String kind) throws IOException {
    Path log = OUT.resolve("build.log");
    Process process =
        new ProcessBuilder("bash", SCRIPT.toString(), OUT.toString(), kind)
            .redirectError(log.toFile())
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0 || !lock.isValid()) {
        throw new IllegalStateException(SCRIPT + " failed:\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Path.of(said);
  }

  private static void call(String function, Object... arguments) {
    NativeLibrary.getInstance(path().toString()).getFunction(function).invokeVoid(arguments);
  }
}
