package io.involution.spark;

import io.involution.config.value.HostNames;
import java.io.IOException;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** Lets requests through to the pages of Spark 3 that name this machine ({@link PageHosts}). */
public final class JavaxHostFilter implements Filter {
  private HostNames hosts = PageHosts.of("");

  /** Made by Jetty. */
  public JavaxHostFilter() {}

  @Override
  public void init(FilterConfig config) {
    hosts = PageHosts.of(config.getInitParameter(PageHosts.HOSTS));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String host = ((HttpServletRequest) request).getHeader("Host");
    if (hosts.include(host)) {
      chain.doFilter(request, response);
    } else {
      ((HttpServletResponse) response)
          .sendError(HttpServletResponse.SC_FORBIDDEN, PageHosts.refusal(host));
    }
  }

  @Override
  public void destroy() {}
}
