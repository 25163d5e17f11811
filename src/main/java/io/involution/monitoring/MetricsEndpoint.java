package io.involution.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.involution.compute.DaemonThreads;
import io.involution.config.value.HostNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics} over HTTP, and nothing else. Few requests at once, a few that wait
 * for them, and a few seconds for each: more are cut off, so that whoever reaches the port cannot
 * slow down training. A request must name this server ({@link HostNames}).
 */
final class MetricsEndpoint implements AutoCloseable {
  private static final int MOST_REQUESTS = 4;

  /** A slow request that is cut off still has its thread for a moment: the next one waits. */
  private static final int MOST_WAITING = 4;

  private static final String SECONDS = "10";

  static {
    // The JDK's server has no limits of its own, and reads these once.
    for (String limit :
        new String[] {"sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime"}) {
      if (System.getProperty(limit) == null) {
        System.setProperty(limit, SECONDS);
      }
    }
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final HostNames names;
  private final Supplier<String> metrics;
  private final Scrapes scrapes;

  private MetricsEndpoint(
      HttpServer server, HostNames names, Supplier<String> metrics, Scrapes scrapes) {
    this.server = server;
    this.names = names;
    this.metrics = metrics;
    this.scrapes = scrapes;
    this.threads =
        new ThreadPoolExecutor(
            MOST_REQUESTS,
            MOST_REQUESTS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            new DaemonThreads("metrics-endpoint"));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Begins to answer.
   *
   * @param address where to listen
   * @param names the driver's host names
   * @param metrics the metrics of now
   * @param scrapes is told who has read them
   * @throws IOException when the address cannot be had
   */
  static MetricsEndpoint open(
      InetSocketAddress address, HostNames names, Supplier<String> metrics, Scrapes scrapes)
      throws IOException {
    HttpServer server = HttpServer.create(address, MOST_REQUESTS);
    MetricsEndpoint endpoint = new MetricsEndpoint(server, names, metrics, scrapes);
    server.createContext("/", endpoint::answer);
    server.setExecutor(endpoint.threads);
    server.start();
    return endpoint;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    long begin = System.nanoTime();
    try (exchange) {
      if (!names.include(exchange.getRequestHeaders().getFirst("Host"))) {
        send(exchange, 403, "name the server by its address, or as localhost\n");
      } else if (!exchange.getRequestURI().getPath().equals("/metrics")) {
        send(exchange, 404, "there is only /metrics\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        exchange.getResponseHeaders().set("Allow", "GET");
        send(exchange, 405, "only GET\n");
      } else {
        exchange.getResponseHeaders().set("Content-Type", Exposition.CONTENT_TYPE);
        send(exchange, 200, metrics.get());
        if (exchange.getRequestHeaders().containsKey(Scrapes.HEADER)) {
          scrapes.scraped(exchange.getRemoteAddress().getAddress(), begin);
        }
      }
    }
  }

  private static void send(HttpExchange exchange, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean hasBody = !exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, hasBody ? bytes.length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Stops answering. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
