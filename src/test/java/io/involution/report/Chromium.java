package io.involution.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A headless Chromium and one page of it, spoken to by its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");
  private static final long SECONDS = 60;

  private final ObjectMapper mapper = new ObjectMapper();
  private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
  private final Process process;
  private final WebSocket socket;
  private int lastId;

  /** Starts a browser with a profile in an empty folder. */
  Chromium(Path executable, Path profile) throws IOException, InterruptedException {
    process =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("chromium.log").toFile())
            .start();
    String port = port(profile.resolve("DevToolsActivePort"));
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest open =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
            .PUT(BodyPublishers.noBody())
            .build();
    JsonNode page = mapper.readTree(http.send(open, BodyHandlers.ofString()).body());
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(page.get("webSocketDebuggerUrl").asText()), new Listener())
            .join();
  }

  /** The browser that is installed, if there is one. */
  static Optional<Path> installed() {
    return Stream.of(System.getenv("PATH").split(":"))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Calls a method and waits for its result. */
  JsonNode call(String method, Map<String, ?> parameters) {
    int id = ++lastId;
    try {
      String text =
          mapper.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
      socket.sendText(text, true).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode answer = await(message -> message.path("id").asInt() == id);
    if (answer.has("error")) {
      throw new IllegalStateException(method + ": " + answer.get("error"));
    }
    return answer.get("result");
  }

  /** Waits for an event. */
  JsonNode event(String method) {
    return await(message -> message.path("method").asText().equals(method)).get("params");
  }

  /** Value of an expression in the page. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.at("/result/value");
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Takes messages until the one that is waited for; the others are told to {@link #seen}. */
  private JsonNode await(Predicate<JsonNode> wanted) {
    try {
      while (true) {
        JsonNode message = messages.poll(SECONDS, TimeUnit.SECONDS);
        if (message == null) {
          throw new IllegalStateException("Chromium does not answer");
        }
        if (wanted.test(message)) {
          return message;
        }
        seen.add(message);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Events that nobody waited for, in order. */
  final List<JsonNode> seen = new ArrayList<>();

  private String port(Path file) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(file) && !Files.readAllLines(file).isEmpty()) {
        return Files.readAllLines(file).get(0);
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("Chromium does not start, see its log in " + file.getParent());
  }

  /** Puts the texts together that come in parts. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          messages.add(mapper.readTree(text.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
