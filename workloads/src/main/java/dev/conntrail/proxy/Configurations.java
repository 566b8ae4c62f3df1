package dev.conntrail.proxy;

import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/** Files that programs are configured by: templates, filled from a plan. */
final class Configurations {
  private static final Configuration TEMPLATES = templates();

  private Configurations() {}

  private static Configuration templates() {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassLoaderForTemplateLoading(Configurations.class.getClassLoader(), "proxy");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setNumberFormat("computer");
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    return configuration;
  }

  /**
   * Writes one beside its place and moves it there, for whoever watches for it.
   *
   * @param file in the folder, named as its template
   * @param more what is filled in beside the plan and the door
   */
  static void write(ProxyPlan plan, Path folder, String file, Map<String, ?> more)
      throws IOException {
    Map<String, Object> model = new HashMap<>(more);
    model.put("plan", plan);
    model.put("door", AdminDoor.in(folder).toString());
    Path fresh = folder.resolve(file + ".new");
    try (Writer out = new StringWriter()) {
      TEMPLATES.getTemplate(file + ".ftl").process(model, out);
      Files.writeString(fresh, out.toString());
    } catch (TemplateException e) {
      throw new IllegalStateException("the template " + file + " failed: " + e.getMessage(), e);
    }
    Files.move(
        fresh,
        folder.resolve(file),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
