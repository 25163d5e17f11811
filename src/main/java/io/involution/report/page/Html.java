package io.involution.report.page;

import io.involution.failure.PlainText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An element of a page. All text and attributes are escaped when they are written. An element can
 * neither run a script nor fetch anything: element names that could are rejected.
 */
final class Html {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
  private static final Set<String> NEVER =
      Set.of("script", "iframe", "object", "embed", "link", "form", "base");
  private static final Set<String> ADDRESSES = Set.of("src", "href");
  private static final Set<String> EMPTY = Set.of("img", "meta", "br", "col");

  private final String name;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<Object> children = new ArrayList<>();

  private Html(String name) {
    this.name = name;
  }

  /** Markup that this job has serialized itself: a chart, the style sheet. */
  private record Trusted(String markup) {}

  /** An element without content. */
  static Html of(String name) {
    if (!NAME.matcher(name).matches() || NEVER.contains(name)) {
      throw new IllegalArgumentException("not an element of a report: " + name);
    }
    return new Html(name);
  }

  /** An element with text. */
  static Html of(String name, String text) {
    return of(name).text(text);
  }

  /**
   * Sets an attribute.
   *
   * @throws IllegalArgumentException for event handlers, and for addresses outside the page
   */
  Html with(String attribute, Object value) {
    String text = String.valueOf(value);
    boolean inside = text.startsWith("#") || text.startsWith("data:image/png;base64,");
    if (!NAME.matcher(attribute).matches()
        || attribute.startsWith("on")
        || (ADDRESSES.contains(attribute) && !inside)) {
      throw new IllegalArgumentException("not an attribute of a report: " + attribute);
    }
    attributes.put(attribute, text);
    return this;
  }

  /** Sets the element's class in the style sheet. */
  Html style(String className) {
    return with("class", className);
  }

  /** Appends text. */
  Html text(String text) {
    children.add(text);
    return this;
  }

  /** Appends elements. */
  Html add(Html... elements) {
    children.addAll(List.of(elements));
    return this;
  }

  /** Appends a value. */
  Html add(Value value) {
    return add(value.html());
  }

  /** Appends elements. */
  Html add(List<Html> elements) {
    children.addAll(elements);
    return this;
  }

  /** Appends markup that is not escaped: only what this job serialized itself. */
  Html trusted(String markup) {
    children.add(new Trusted(markup));
    return this;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString();
  }

  private void write(StringBuilder out) {
    out.append('<').append(name);
    attributes.forEach(
        (key, value) ->
            out.append(' ').append(key).append("=\"").append(escape(value)).append('"'));
    out.append('>');
    if (EMPTY.contains(name)) {
      return;
    }
    for (Object child : children) {
      if (child instanceof Html element) {
        element.write(out);
      } else if (child instanceof Trusted trusted) {
        out.append(trusted.markup());
      } else {
        out.append(escape((String) child));
      }
    }
    out.append("</").append(name).append(">");
    if (isBlock()) {
      out.append('\n');
    }
  }

  private boolean isBlock() {
    return switch (name) {
      case "section", "div", "p", "table", "tr", "figure", "h1", "h2", "h3", "li", "ul" -> true;
      default -> false;
    };
  }

  /** Escapes a text for use between tags and in double quotes. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        case '\n' -> escaped.append(c);
        default -> escaped.append(PlainText.steers(c) || c == '\t' ? '\uFFFD' : c);
      }
    }
    return escaped.toString();
  }
}
