package io.involution.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueFactory;
import io.involution.config.TrainConfig.NamedText;
import io.involution.config.hocon.HoconFile;
import io.involution.config.value.TimeLimit;
import io.involution.failure.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads an experiment file: HOCON with one section, {@code experiment}. */
public final class MatrixFile {
  private static final String ROOT = "experiment";

  /** Defaults of the optional keys; name and cells are required. */
  private static final Config DEFAULTS = ConfigFactory.parseMap(defaults());

  private final String file;

  private MatrixFile(String file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @throws InputException naming the file, the key and the fix
   */
  public static Matrix read(NamedText text) {
    return new MatrixFile(text.name()).matrix(text.text());
  }

  private Matrix matrix(String text) {
    try {
      Config whole = HoconFile.resolved(text);
      checkKeys(whole.root());
      Config section = whole.getConfig(ROOT);
      Config experiment = section.withFallback(DEFAULTS);
      int parallel = experiment.getInt("parallel");
      return new Matrix(
          experiment.getString("name"),
          List.copyOf(experiment.getStringList("tags")),
          experiment.getString("out"),
          experiment.getInt("retries"),
          parallel == 0 ? Optional.empty() : Optional.of(parallel),
          TimeLimit.parse("time-limit", experiment.getString("time-limit")),
          cells(experiment, section.hasPath("grid") || !section.hasPath("cells")));
    } catch (ConfigException e) {
      throw new InputException(file + ": " + HoconFile.oneLine(e) + ": correct the file", e);
    } catch (InputException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    }
  }

  private void checkKeys(ConfigObject root) {
    for (String key : root.keySet()) {
      if (!key.equals(ROOT)) {
        throw unknown(key);
      }
    }
    if (!(root.get(ROOT) instanceof ConfigObject section)) {
      throw new InputException(
          "there is no section named experiment: see conf/experiments for examples");
    }
    for (String key : section.keySet()) {
      if (!DEFAULTS.root().containsKey(key) && !key.equals("name")) {
        throw unknown(ROOT + "." + key);
      }
    }
  }

  private static InputException unknown(String key) {
    return new InputException("unknown key " + key + ": see conf/experiments for the keys");
  }

  private static List<CellOptions> cells(Config experiment, boolean withGrid) {
    Map<String, Object> defaults = experiment.getObject("defaults").unwrapped();
    List<Map<String, Object>> given = new ArrayList<>();
    if (withGrid) {
      given.addAll(Grid.combinations(experiment.getObject("grid")));
    }
    experiment.getObjectList("cells").forEach(cell -> given.add(cell.unwrapped()));
    List<CellOptions> cells = new ArrayList<>();
    for (Map<String, Object> options : given) {
      Map<String, Object> all = new LinkedHashMap<>(defaults);
      all.putAll(options);
      cells.add(CellOptions.read(all, options));
    }
    return cells;
  }

  private static Map<String, Object> defaults() {
    Map<String, Object> defaults = new HashMap<>();
    defaults.put("tags", List.of());
    defaults.put("out", Matrix.DEFAULT_OUT);
    defaults.put("retries", 0);
    defaults.put("parallel", 0);
    defaults.put("time-limit", "");
    defaults.put("cells", List.of());
    defaults.put("grid", ConfigValueFactory.fromMap(Map.of()));
    defaults.put("defaults", ConfigValueFactory.fromMap(Map.of()));
    return defaults;
  }
}
