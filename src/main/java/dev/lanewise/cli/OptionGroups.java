package dev.lanewise.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of a command in its help: those of each mixin below the mixin's heading, then the
 * others.
 */
final class OptionGroups implements IHelpSectionRenderer {

  private static final String OTHERS = "Others:%n";

  @Override
  public String render(Help help) {
    List<OptionSpec> others = new ArrayList<>(help.commandSpec().options());
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    for (CommandSpec mixin : help.commandSpec().mixins().values()) {
      String heading = mixin.usageMessage().optionListHeading();
      if (!heading.isEmpty()) {
        groups.put(heading, mixin.options());
        others.removeAll(mixin.options());
      }
    }
    groups.put(OTHERS, others);
    return groups.entrySet().stream()
        .map(group -> group.getKey().formatted() + list(help, group.getValue()))
        .collect(Collectors.joining("%n".formatted()));
  }

  private static String list(Help help, List<OptionSpec> options) {
    Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.parameterLabelRenderer());
    return layout.toString();
  }
}
