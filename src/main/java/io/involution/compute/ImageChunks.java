package io.involution.compute;

import java.util.function.IntFunction;

/**
 * Distributes the images of a minibatch over the cores of a worker. The images are divided into
 * chunks whose boundaries depend only on the number of images; sums over images are kept per chunk
 * and added up in chunk order, so results have the same bits with any number of threads.
 */
public final class ImageChunks {
  /** Maximum number of chunks in a minibatch, and therefore of threads. */
  public static final int MOST = 16;

  private static final ThreadLocal<Integer> THREADS = ThreadLocal.withInitial(() -> 1);

  private static final ThreadLocal<Crew> CREW = ThreadLocal.withInitial(Crew::new);

  private ImageChunks() {}

  /** The work on one chunk of images. */
  @FunctionalInterface
  public interface Body {
    /**
     * Processes the images of one chunk.
     *
     * @param thread index of the running thread, {@code 0 .. threads() - 1}: selects scratch memory
     * @param chunk the chunk
     */
    void run(int thread, ImageChunk chunk);
  }

  /**
   * Sets how many threads the layers that the calling thread runs may use; at least 1, and kept per
   * calling thread.
   */
  public static void useThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    THREADS.set(Math.min(threads, MOST));
  }

  /** How many threads {@link #run} uses when the calling thread calls it. */
  public static int threads() {
    return THREADS.get();
  }

  /** Number of chunks that a minibatch is divided into. */
  public static int count(int images) {
    return Math.min(images, MOST);
  }

  /** One of the chunks that a minibatch is divided into. */
  public static ImageChunk chunk(int images, int number) {
    return chunk(images, count(images), number);
  }

  /** One of {@code chunks} chunks. */
  static ImageChunk chunk(int images, int chunks, int number) {
    return new ImageChunk(
        number, border(images, chunks, number), border(images, chunks, number + 1));
  }

  /** First image of a chunk. */
  private static int border(int images, int chunks, int chunk) {
    return (int) ((long) images * chunk / chunks);
  }

  /**
   * Adds up the sums of the chunks, in chunk order.
   *
   * @param images number of images
   * @param sums each chunk's sums, as long as {@code total}
   * @param total the result
   * @param from first entry to add
   * @param count number of entries to add
   */
  public static void addSums(
      int images, IntFunction<double[]> sums, double[] total, int from, int count) {
    for (int chunk = 0; chunk < count(images); chunk++) {
      DoubleLines.addScaled(total, from, 1, sums.apply(chunk), from, count);
    }
  }

  /**
   * Runs the body once for every chunk and returns when all are done. Which thread gets which chunk
   * is open.
   *
   * @throws IllegalStateException with the cause, if another thread failed
   */
  public static void run(int images, Body body) {
    run(images, count(images), body);
  }

  /**
   * The same with another number of chunks, which must depend on sizes only.
   *
   * @param chunks from 1 to {@link #count}
   */
  public static void run(int images, int chunks, Body body) {
    int threads = Math.min(threads(), chunks);
    if (threads > 1) {
      CREW.get().run(new SharedChunks(images, chunks, threads, body), threads - 1);
      return;
    }
    for (int chunk = 0; chunk < chunks; chunk++) {
      body.run(0, chunk(images, chunks, chunk));
    }
  }
}
