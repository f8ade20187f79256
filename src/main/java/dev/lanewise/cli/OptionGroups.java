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
    addGroups(help.commandSpec(), groups);
    groups.values().forEach(others::removeAll);
    groups.put(OTHERS, others);
    return groups.entrySet().stream()
        .map(group -> group.getKey().formatted() + list(help, group.getValue()))
        .collect(Collectors.joining("%n".formatted()));
  }

  /** Adds the options of mixins below their headings; one that only gathers others has none. */
  private static void addGroups(CommandSpec spec, Map<String, List<OptionSpec>> groups) {
    for (CommandSpec mixin : spec.mixins().values()) {
      List<OptionSpec> own = new ArrayList<>(mixin.options());
      mixin.mixins().values().forEach(part -> own.removeAll(part.options()));
      if (own.isEmpty()) {
        addGroups(mixin, groups);
      } else if (!mixin.usageMessage().optionListHeading().isEmpty()) {
        groups.put(mixin.usageMessage().optionListHeading(), mixin.options());
      }
    }
  }

  private static String list(Help help, List<OptionSpec> options) {
    Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.parameterLabelRenderer());
    return layout.toString();
  }
}
