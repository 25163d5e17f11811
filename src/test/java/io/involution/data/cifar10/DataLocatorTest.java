package io.involution.data.cifar10;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.involution.data.Cifar10Files;
import io.involution.data.DataSchema;
import io.involution.data.ExampleSource;
import io.involution.data.ImageShape;
import io.involution.data.LimitedSource;
import io.involution.data.Shard;
import io.involution.data.ShardRange;
import io.involution.data.Subset;
import io.involution.data.cifar10.DataLocator.Environment;
import io.involution.data.synthetic.SyntheticImages;
import io.involution.failure.InputException;
import io.involution.files.Answers;
import io.involution.files.EnvironmentProxies;
import io.involution.files.LimitedHttp.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where {@code --data} leads to. */
class DataLocatorTest {
  private static final int RECORDS = 3;
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1/archive.tar.gz");

  private final Configuration hadoop = new Configuration();
  private final List<String> notices = new ArrayList<>();

  @TempDir private Path cache;

  @Test
  void autoTakesTheVariableBeforeTheCache() {
    Path home = cache.resolve("home");
    Cifar10Files.write(home, Cifar10Files.files(RECORDS, 1));
    Cifar10Files.write(cache.resolve(Cifar10Format.FOLDER), Cifar10Files.files(RECORDS, 2));

    assertThat(auto(true, Map.of("CIFAR10_HOME", home.toString()), NOWHERE).location())
        .endsWith("/home");
    assertThat(auto(true, Map.of(), NOWHERE).location()).endsWith(Cifar10Format.FOLDER);
  }

  /** A cache folder may have any name, and a file URI would hold another. */
  @ParameterizedTest
  @ValueSource(strings = {"my cache", "cäche", "a%41", "a#b", "a+b", "a:b", "it's \"quoted\""})
  void aCacheFolderOfAnyNameIsUsed(String name) throws IOException {
    cache = Files.createDirectory(cache.resolve(name));
    Cifar10Files.write(cache.resolve(Cifar10Format.FOLDER), Cifar10Files.files(RECORDS, 2));

    ExampleSource source = auto(true, Map.of(), NOWHERE);

    assertThat(source.location()).endsWith(name + "/" + Cifar10Format.FOLDER);
    assertThat(source.read(Subset.TRAIN, new ShardRange(0, 2), hadoop).size()).isEqualTo(2);
    assertThat(locate(cache.toString()).location()).isEqualTo(source.location());
    assertThat(locate("file:" + cache).location()).isEqualTo(source.location());
    Files.write(
        cache.resolve(name + ".tar.gz"), Cifar10Files.archive(Cifar10Files.files(RECORDS, 1)));
    assertThat(locate(cache.resolve(name + ".tar.gz").toString()).parts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data_batch_1", "test_batch", "data_batch_3.mat"})
  void theVersionsForPythonAndMatlabNameTheBinaryOne(String name) throws IOException {
    Path python = Files.createDirectories(cache.resolve("cifar-10-batches-py"));
    Files.writeString(python.resolve(name), "pickled");
    Path archive =
        Files.write(
            cache.resolve("python.tar.gz"),
            Cifar10Files.archive(Map.of("cifar-10-batches-py/" + name, new byte[9])));

    for (Path given : List.of(python, cache, archive)) {
      assertThatThrownBy(() -> locate(given.toString()).inspect("archive", hadoop))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("use the binary version, cifar-10-binary.tar.gz");
    }
  }

  /** As a name beyond ASCII without a locale that has its letters. */
  @Test
  void aCacheFolderThatJavaCannotNameIsRefusedOnlyWhereItIsUsed() {
    Environment nowhere = environment("/tmp/a\0b");

    assertThat(DataLocator.locate("synthetic", nowhere, hadoop))
        .isEqualTo(SyntheticImages.STANDARD);
    assertThatThrownBy(() -> DataLocator.locate("auto", nowhere, hadoop))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the cache folder /tmp/a")
        .hasMessageContaining("set LC_ALL=C.UTF-8");
  }

  @Test
  void autoTakesTheCachedArchive() throws IOException {
    Files.write(
        cache.resolve(Cifar10Format.ARCHIVE), Cifar10Files.archive(Cifar10Files.files(RECORDS, 1)));
    assertThat(auto(true, Map.of(), NOWHERE).location()).endsWith(Cifar10Format.ARCHIVE);
  }

  @Test
  void autoSaysToDeleteACachedArchiveThatIsNone() throws IOException {
    Files.createFile(cache.resolve(Cifar10Format.ARCHIVE));
    assertThatThrownBy(() -> auto(true, Map.of(), NOWHERE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(Cifar10Format.ARCHIVE + " is not an archive of CIFAR-10")
        .hasMessageEndingWith("delete it and download it again");
  }

  @Test
  void autoFallsBackToTheSyntheticSetOnALocalMasterAndSaysSo() throws IOException {
    assertThat(auto(true, Map.of(), NOWHERE)).isEqualTo(SyntheticImages.STANDARD);
    assertThat(notices).singleElement().asString().contains("warning", "synthetic", "--data");
    assertThat(listed()).isEmpty();
  }

  @Test
  void autoOnAClusterNamesTheOption() {
    assertThatThrownBy(() -> auto(false, Map.of(), NOWHERE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--data")
        .hasMessageContaining("hdfs://");
  }

  @Test
  void aDownloadWithAnotherDigestLeavesNothing() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] wrong = "not the archive".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    server.createContext(
        "/archive.tar.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, wrong.length);
          exchange.getResponseBody().write(wrong);
          exchange.close();
        });
    server.createContext(
        "/cut.tar.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000_000);
          exchange.getResponseBody().write(wrong);
          exchange.getResponseBody().flush();
          exchange.close();
        });
    server.start();
    try {
      String root = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(download(root + "/archive.tar.gz"))
          .hasValueSatisfying(why -> assertThat(why).contains("MD5"));
      assertThat(download(root + "/cut.tar.gz")).isPresent();
      assertThat(download(root + "/missing")).isPresent();
      assertThat(listed()).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void whatAKilledDownloadHasLeftIsRemovedOnceItIsOld() throws IOException {
    Instant now = Instant.now();
    Instant past = now.minus(Duration.ofDays(1));
    leave("target.tar.gz.0b5a1d52-0000-4000-8000-000000000001.tmp", past);
    leave("target.tar.gz17.part", past);
    Path young =
        leave(
            "target.tar.gz.0b5a1d52-0000-4000-8000-000000000002.tmp", now.plus(Duration.ofDays(1)));
    Path other = leave("target.tar.gz.mine.tmp", past);

    assertThat(download(NOWHERE.toString())).isPresent();

    assertThat(listed()).containsExactlyInAnyOrder(young, other);
  }

  private Path leave(String name, Instant time) throws IOException {
    return Files.setLastModifiedTime(Files.createFile(cache.resolve(name)), FileTime.from(time));
  }

  @Test
  void aServerWithoutEndOrWithoutAWordIsGivenUp() throws IOException {
    String ok = "HTTP/1.1 200 OK\r\n\r\n";
    try (Answers endless = new Answers(ok, "x".repeat(1000));
        Answers silent = new Answers(ok + "x", "");
        Answers slow = new Answers(ok, "x").slow()) {
      assertThat(download("http://127.0.0.1:" + endless.port()).orElseThrow())
          .contains("more than 2000 bytes");
      assertThat(download("http://127.0.0.1:" + slow.port()).orElseThrow())
          .contains("no complete answer in 3000 ms");
      silent.keepOpen();
      assertThat(download("http://127.0.0.1:" + silent.port()).orElseThrow())
          .contains("no answer in 1000 ms");
    }
    assertThat(listed()).isEmpty();
  }

  @Test
  void theArchiveIsGivenAnHour() {
    assertThat(Download.LIMITS)
        .isEqualTo(new Limits(200_000_000, Duration.ofSeconds(30), Duration.ofHours(1)));
  }

  @Test
  void aServerSendsTheDownloadToNoFileAndInNoCircle() throws IOException {
    String go = "HTTP/1.1 302 Go\r\nLocation: ";
    try (Answers file = Answers.of(go + "file:///etc/passwd\r\n", "");
        Answers circle = Answers.of(go + "/again\r\n", "")) {
      assertThat(download("http://127.0.0.1:" + file.port()).orElseThrow()).contains("302");
      assertThat(download("http://127.0.0.1:" + circle.port()).orElseThrow()).contains("302");
    }
    assertThat(listed()).isEmpty();
  }

  @Test
  void theDownloadGoesThroughTheProxyThatTheEnvironmentNames() throws IOException {
    try (Answers proxy = Answers.of("HTTP/1.1 403 No\r\n", "")) {
      EnvironmentProxies proxies =
          new EnvironmentProxies(
              Map.of(
                  "http_proxy",
                  "http://CORP\\me:50% off@127.0.0.1:" + proxy.port(),
                  "NO_PROXY",
                  "inside.example, .local, mlflow_server"));
      URI archive = URI.create("http://archive.example/x.tar.gz");

      assertThat(
              new Download(archive, proxies, Download.LIMITS, notices::add)
                  .to(target(), hadoop)
                  .orElseThrow())
          .contains("archive.example through the proxy 127.0.0.1: ", "403");
      assertThat(proxy.request()).startsWith("GET http://archive.example/x.tar.gz HTTP/1.1");
      assertThat(proxies.proxy(URI.create("http://a.inside.example/"))).isEmpty();
      assertThat(proxies.proxy(URI.create("http://b.local/"))).isEmpty();
      assertThat(proxies.proxy(URI.create("http://mlflow_server:5000/"))).isEmpty();
      assertThat(proxies.proxy(URI.create("http://other_server:5000/"))).isPresent();
      assertThat(proxies.proxy(URI.create("https://archive.example/"))).isEmpty();
    }
  }

  private Optional<String> download(String from) {
    Limits limits = new Limits(2000, Duration.ofSeconds(1), Duration.ofSeconds(3));
    EnvironmentProxies none = new EnvironmentProxies(Map.of());
    return new Download(URI.create(from), none, limits, notices::add).to(target(), hadoop);
  }

  @Test
  void secretsInAUriAreNotShown() {
    assertThatThrownBy(() -> locate("s3q://key:secret@bucket/data"))
        .isInstanceOf(InputException.class)
        .message()
        .contains("s3q://***@bucket")
        .doesNotContain("secret");
  }

  @Test
  void limitsTakeTheFirstExamples() {
    ExampleSource limited =
        LimitedSource.of(SyntheticImages.STANDARD, Optional.of(40), Optional.empty());

    assertThat(limited.size(Subset.TRAIN)).isEqualTo(40);
    assertThat(limited.size(Subset.TEST)).isEqualTo(2_000);
    assertThat(limited.fingerprint(List.of()).trainExamples()).isEqualTo(40);
    assertThatThrownBy(() -> LimitedSource.of(limited, Optional.of(41), Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("--train-limit 41")
        .hasMessageContaining("at most 40");
  }

  @Test
  void theSyntheticSetIsBalancedAndAFunctionOfThePlaceAlone() {
    SyntheticImages source = SyntheticImages.STANDARD;
    Shard whole = source.read(Subset.TRAIN, new ShardRange(0, 100), hadoop);
    Shard part = source.read(Subset.TRAIN, new ShardRange(37, 59), hadoop);
    int[] counts = new int[DataSchema.CIFAR10.classCount()];
    for (int i = 0; i < 100; i++) {
      counts[whole.label(i)]++;
    }
    assertThat(counts).containsOnly(10);
    for (int i = 0; i < part.size(); i++) {
      assertThat(part.label(i)).isEqualTo(whole.label(37 + i));
    }
    assertThat(part.pixels())
        .isEqualTo(
            java.util.Arrays.copyOfRange(
                whole.pixels(),
                37 * ImageShape.CIFAR10.pixels(),
                59 * ImageShape.CIFAR10.pixels()));
    assertThat(source.read(Subset.TEST, new ShardRange(0, 100), hadoop).pixels())
        .isNotEqualTo(whole.pixels());
    assertThat(source.schema().classes()).hasSize(10).doesNotHaveDuplicates();
  }

  private ExampleSource auto(boolean local, Map<String, String> variables, URI archive) {
    Environment environment =
        new Environment(local, variables, cache.toString(), archive, notices::add);
    return DataLocator.locate("auto", environment, hadoop, RECORDS);
  }

  private ExampleSource locate(String data) {
    return DataLocator.locate(data, environment(cache.toString()), hadoop, RECORDS);
  }

  private Environment environment(String cacheFolder) {
    return new Environment(true, Map.of(), cacheFolder, NOWHERE, notices::add);
  }

  private Path target() {
    return cache.resolve("target.tar.gz");
  }

  private List<Path> listed() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.toList();
    }
  }
}
