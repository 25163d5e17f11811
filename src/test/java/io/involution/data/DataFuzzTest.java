package io.involution.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.involution.data.cifar10.Cifar10Format;
import io.involution.data.cifar10.DataLocator;
import io.involution.failure.InputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged data in hundreds of ways, the same ones every time: either it is read, or the reader's
 * own line says why not, in bounded time and memory. {@code -Dfuzz.cases=N} sets the number of
 * cases, {@code -Dfuzz.seed=N} other ones.
 */
class DataFuzzTest {
  private static final int RECORDS = 1;
  private static final long MOST_NANOS = 5_000_000_000L;
  private static final long MOST_BYTES = 8 << 20;

  private final long seed = Long.getLong("fuzz.seed", 7);
  private final int cases = Integer.getInteger("fuzz.cases", 400);
  private final Configuration hadoop = new Configuration();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<String, byte[]> files = Cifar10Files.files(RECORDS, 5);

  @TempDir private Path temporary;
  private byte[] archive;
  private byte[] tar;

  /** One case: what is damaged how. */
  private interface Case {
    Path make(TarDamage damage, Random random) throws IOException;
  }

  @BeforeEach
  void makeArchive() throws IOException {
    archive = Cifar10Files.archive(files);
    tar = new GZIPInputStream(new ByteArrayInputStream(archive)).readAllBytes();
    // Once undamaged, which also loads Hadoop's classes.
    read(write(archive));
  }

  @Test
  void gzipBytes() throws IOException {
    fuzz(cases / 4, (damage, random) -> write(damage.any(archive)));
  }

  @Test
  void tarBytes() throws IOException {
    fuzz(3 * cases / 8, (damage, random) -> write(gzip(damage.any(tar))));
  }

  @Test
  void tarHeaders() throws IOException {
    int step = (RECORDS * Cifar10Format.RECORD + 2 * 512 - 1) / 512 * 512;
    fuzz(
        cases / 4,
        (damage, random) -> {
          byte[] damaged = damage.header(tar, step * random.nextInt(Cifar10Format.FILES.size()));
          return write(gzip(random.nextInt(3) == 0 ? damage.extended(damaged) : damaged));
        });
  }

  @Test
  void filesOfAFolder() throws IOException {
    Path folder = temporary.resolve("folder");
    Cifar10Files.write(folder, files);
    fuzz(
        cases / 8,
        (damage, random) -> {
          // The one before is whole again.
          Cifar10Files.write(folder, files);
          String name = Cifar10Format.FILES.get(random.nextInt(Cifar10Format.FILES.size()));
          Files.write(folder.resolve(name), damage.any(files.get(name)));
          byte[] text = new byte[random.nextInt(10_000)];
          random.nextBytes(text);
          Files.write(folder.resolve("batches.meta.txt"), text);
          return folder;
        });
  }

  private void fuzz(int number, Case made) throws IOException {
    int refused = 0;
    for (int i = 0; i < number; i++) {
      Random random = new Random(seed * 1_000_003 + i);
      Path place = made.make(new TarDamage(random), random);
      long begin = System.nanoTime();
      long allocated = threads.getCurrentThreadAllocatedBytes();
      try {
        read(place);
      } catch (InputException e) {
        refused++;
        assertThat(e.getMessage()).as("seed %d, case %d", seed, i).doesNotContain("\n");
      } catch (Exception | Error e) {
        throw new AssertionError(String.format(Locale.ROOT, "seed %d, case %d", seed, i), e);
      }
      assertThat(System.nanoTime() - begin).as("seed %d, case %d", seed, i).isLessThan(MOST_NANOS);
      assertThat(threads.getCurrentThreadAllocatedBytes() - allocated)
          .as("seed %d, case %d", seed, i)
          .isLessThan(MOST_BYTES);
    }
    assertThat(refused).isGreaterThan(number / 10);
  }

  /** All that the job does with the data before and while it trains. */
  private void read(Path place) {
    ExampleSource source =
        DataLocator.locate(
            place.toString(),
            new DataLocator.Environment(
                true,
                Map.of(),
                temporary.toString(),
                URI.create("http://127.0.0.1:1/"),
                line -> {}),
            hadoop,
            RECORDS);
    source.parts().forEach(part -> source.inspect(part, hadoop));
    int examples = source.size(Subset.TRAIN);
    Shard shard = source.read(Subset.TRAIN, new ShardRange(examples / 2, examples), hadoop);
    for (int i = 0; i < shard.size(); i++) {
      assertThat(shard.label(i)).isBetween(0, 9);
    }
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(temporary.resolve("data.tar.gz"), bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
