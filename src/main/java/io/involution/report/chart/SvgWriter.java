package io.involution.report.chart;

import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Draws a chart as SVG that uses the font of its context and, in a page, also the page's colors.
 */
final class SvgWriter {
  private static final String SVG = "http://www.w3.org/2000/svg";
  private static final Pattern COLOUR =
      Pattern.compile("rgb\\((\\d{1,3}),(\\d{1,3}),(\\d{1,3})\\)|#([0-9a-fA-F]{6})");
  private static final List<String> PAINTS = List.of("fill", "stroke");
  private static final List<String> DROPPED =
      List.of(
          "font-family",
          "color-interpolation",
          "color-rendering",
          "image-rendering",
          "shape-rendering",
          "text-rendering",
          "space");

  private final Map<String, String> variables;

  /**
   * Creates a writer.
   *
   * @param variables the style sheet's variables by color; a color without a variable is written
   *     directly
   */
  SvgWriter(Map<String, String> variables) {
    this.variables = variables;
  }

  /**
   * Draws a chart.
   *
   * @param chart the chart
   * @param width in units of the view box
   * @param height in units of the view box
   * @param id unique in the page
   * @param text the alternative text
   */
  String write(JFreeChart chart, int width, int height, String id, String text) {
    Document document = document();
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
    context.setComment(null);
    context.setPrecision(1);
    ChartGraphics graphics = new ChartGraphics(context);
    graphics.setSVGCanvasSize(new Dimension(width, height));
    chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
    Element root = graphics.getRoot();
    clean(root, id);
    while (root.getAttributes().getLength() > 0) {
      root.removeAttribute(root.getAttributes().item(0).getNodeName());
    }
    root.setAttribute("viewBox", String.format(Locale.ROOT, "0 0 %d %d", width, height));
    root.setAttribute("role", "img");
    root.setAttribute("aria-label", text);
    return serialized(root);
  }

  /**
   * Batik's graphics, but with every text anchored at its middle, because browsers use other fonts.
   */
  private static final class ChartGraphics extends SVGGraphics2D {
    private ChartGraphics(SVGGeneratorContext context) {
      super(context, false);
    }

    @Override
    public void drawString(String text, float x, float y) {
      super.drawString(text, x + getFontMetrics().stringWidth(text) / 2f, y);
    }
  }

  private void clean(Element element, String id) {
    for (String name : attributeNames(element)) {
      String value = element.getAttribute(name);
      if (PAINTS.contains(name)) {
        element.setAttribute(name, themed(value));
      } else if (DROPPED.contains(name) || name.startsWith("xml")) {
        element.removeAttribute(name);
      } else if (name.equals("id")) {
        element.setAttribute(name, id + "-" + value);
      } else if (value.startsWith("url(#")) {
        element.setAttribute(name, value.replace("url(#", "url(#" + id + "-"));
      }
    }
    if (element.getTagName().equals("text")) {
      element.setAttribute("text-anchor", "middle");
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        clean(inner, id);
      }
    }
  }

  private static List<String> attributeNames(Element element) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      names.add(element.getAttributes().item(i).getNodeName());
    }
    return names;
  }

  private String themed(String paint) {
    Matcher matcher = COLOUR.matcher(paint);
    if (!matcher.matches()) {
      return paint;
    }
    String hex =
        matcher.group(4) != null
            ? matcher.group(4)
            : String.format(
                Locale.ROOT,
                "%02x%02x%02x",
                Integer.valueOf(matcher.group(1)),
                Integer.valueOf(matcher.group(2)),
                Integer.valueOf(matcher.group(3)));
    String variable = variables.get(hex);
    return variable == null ? paint : "var(" + variable + ")";
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every Java has XML", e);
    }
  }

  private static String serialized(Element root) {
    try {
      Transformer transformer = TransformerFactory.newInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter out = new StringWriter();
      transformer.transform(new DOMSource(root), new StreamResult(out));
      return out.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException("a chart cannot be written", e);
    }
  }
}
