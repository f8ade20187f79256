package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import jdk.incubator.vector.Vector;
import org.junit.jupiter.api.Test;

/**
 * A kernel says the class of every vector that it calls a method of: it is cast where it is called,
 * or where the variable gets its value. What C2 leaves in memory without that depends on how large
 * a compilation grows and on what the JVM did before, and shows in one JVM of fifteen; see {@code
 * doc/kernels/registers.md}.
 */
final class ExactReceiversTest {

  private static final Path KERNELS = Path.of("src/main/java/dev/lanewise/kernel");

  /** Settle the species; their vectors are asked for their classes alone. */
  private static final Set<String> SETTINGS = Set.of("Lanes.java", "NarrowLanes.java");

  @Test
  void everyReceiverOfAVectorMethodIsCast() throws IOException {
    List<JavaFileObject> sources = new ArrayList<>();
    try (Stream<Path> files = Files.list(KERNELS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        if (!SETTINGS.contains(file.getFileName().toString())) {
          sources.add(source(file.getFileName().toString(), Files.readString(file)));
        }
      }
    }
    assertTrue(sources.size() > 20, "kernels");
    assertEquals(List.of(), inexact(sources));
  }

  @Test
  void whatIsNotCastIsFound() throws IOException {
    assertEquals(
        List.of("K.java:6: sum.add(v)", "K.java:7: v.neg().intoArray(x, 0)"),
        inexact(
            List.of(
                source(
                    "K.java",
                    """
                    import jdk.incubator.vector.FloatVector;
                    class K {
                      static void k(Class<? extends FloatVector> c, float[] x) {
                        FloatVector v = c.cast(FloatVector.zero(FloatVector.SPECIES_128));
                        FloatVector sum = v;
                        sum = sum.add(v);
                        v.neg().intoArray(x, 0);
                        sum = c.cast(v.add(sum));
                        c.cast(v.neg()).add(sum.mul(v));
                      }
                    }
                    """))));
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  /** {@return the calls, each with its place} */
  private static List<String> inexact(List<JavaFileObject> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> errors = new ArrayList<>();
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null,
                null,
                problem -> {
                  if (problem.getKind() == Diagnostic.Kind.ERROR) {
                    errors.add(problem.toString());
                  }
                },
                List.of(
                    "-proc:none",
                    "--add-modules=jdk.incubator.vector",
                    "-cp",
                    System.getProperty("java.class.path")),
                null,
                sources);
    List<CompilationUnitTree> units = new ArrayList<>();
    task.parse().forEach(units::add);
    task.analyze();
    assertEquals(List.of(), errors);
    List<String> found = new ArrayList<>();
    for (CompilationUnitTree unit : units) {
      Values values = new Values(Trees.instance(task));
      values.scan(unit, null);
      new Receivers(unit, task, values.of, found).scan(unit, null);
    }
    return found;
  }

  /** Goes over the calls of a file. */
  private static final class Receivers extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final Types types;
    private final TypeMirror vector;
    private final Map<Element, List<ExpressionTree>> values;
    private final List<String> found;

    Receivers(
        CompilationUnitTree unit,
        JavacTask task,
        Map<Element, List<ExpressionTree>> values,
        List<String> found) {
      this.unit = unit;
      trees = Trees.instance(task);
      types = task.getTypes();
      vector = types.erasure(task.getElements().getTypeElement(Vector.class.getName()).asType());
      this.values = values;
      this.found = found;
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
      if (call.getMethodSelect() instanceof MemberSelectTree select) {
        TreePath method = new TreePath(getCurrentPath(), select);
        TreePath receiver = new TreePath(method, select.getExpression());
        Element element = trees.getElement(method);
        if (!element.getModifiers().contains(Modifier.STATIC)
            && types.isSubtype(types.erasure(trees.getTypeMirror(receiver)), vector)
            && !isExact(receiver)) {
          long at = trees.getSourcePositions().getStartPosition(unit, call);
          String name = Path.of(unit.getSourceFile().getName()).getFileName().toString();
          found.add(name + ":" + unit.getLineMap().getLineNumber(at) + ": " + call);
        }
      }
      return super.visitMethodInvocation(call, unused);
    }

    private static boolean isCast(ExpressionTree value) {
      return value instanceof MethodInvocationTree call
          && call.getMethodSelect() instanceof MemberSelectTree select
          && select.getIdentifier().contentEquals("cast");
    }

    /** Whether it is a cast, or a variable that was last given one, with no way around it. */
    private boolean isExact(TreePath receiver) {
      if (!(receiver.getLeaf() instanceof IdentifierTree)) {
        return isCast((ExpressionTree) receiver.getLeaf());
      }
      Element variable = trees.getElement(receiver);
      TreePath at = receiver;
      while (!(at.getParentPath().getLeaf() instanceof BlockTree)) {
        at = at.getParentPath();
      }
      List<? extends StatementTree> statements =
          ((BlockTree) at.getParentPath().getLeaf()).getStatements();
      for (int i = statements.indexOf(at.getLeaf()) - 1; i >= 0; i--) {
        TreePath before = new TreePath(at.getParentPath(), statements.get(i));
        if (before.getLeaf() instanceof VariableTree declared) {
          if (trees.getElement(before) == variable) {
            return isCast(declared.getInitializer());
          }
        } else if (before.getLeaf() instanceof ExpressionStatementTree statement) {
          if (statement.getExpression() instanceof AssignmentTree given
              && given.getVariable() instanceof IdentifierTree name
              && name.getName().contentEquals(variable.getSimpleName())) {
            return isCast(given.getExpression());
          }
        } else {
          break;
        }
      }
      List<ExpressionTree> all = values.getOrDefault(variable, List.of());
      return all.size() == 1 && isCast(all.getFirst());
    }
  }

  /** Finds what each variable of a file is given. */
  private static final class Values extends TreePathScanner<Void, Void> {
    private final Trees trees;
    private final Map<Element, List<ExpressionTree>> of = new HashMap<>();

    Values(Trees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitVariable(VariableTree declared, Void unused) {
      if (declared.getInitializer() != null) {
        add(trees.getElement(getCurrentPath()), declared.getInitializer());
      }
      return super.visitVariable(declared, unused);
    }

    @Override
    public Void visitAssignment(AssignmentTree given, Void unused) {
      add(
          trees.getElement(new TreePath(getCurrentPath(), given.getVariable())),
          given.getExpression());
      return super.visitAssignment(given, unused);
    }

    private void add(Element variable, ExpressionTree value) {
      of.computeIfAbsent(variable, none -> new ArrayList<>()).add(value);
    }
  }
}
