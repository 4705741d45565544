using System.Linq.Expressions;
using System.Text;

namespace Chard.Emulator.Tables.Filters;

/// <summary>
/// Makes a filter of a predicate: comparisons of stored properties with values, joined by <c>&amp;&amp;</c>, <c>||</c> and <c>!</c>. What does not
/// depend on the entity is evaluated here and now. All else is refused: the service would not understand it, or understand it otherwise.
/// </summary>
internal sealed class ExpressionFilter
{
    private readonly StringBuilder filter = new();
    private readonly StoredProperty properties;

    private ExpressionFilter(ParameterExpression entity) => properties = new StoredProperty(entity);

    /// <returns>The filter; null where the predicate lets everything pass.</returns>
    /// <exception cref="NotSupportedException">A part of the predicate cannot be put into a filter.</exception>
    public static string Of(LambdaExpression predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var writer = new ExpressionFilter(predicate.Parameters[0]);
        if (writer.properties.IsAbsentFrom(predicate.Body) && Evaluated.Of(predicate.Body) is true)
        {
            return null;
        }

        writer.WriteCondition(predicate.Body);
        return writer.filter.ToString();
    }

    private static string Operator(ExpressionType type)
        => type switch
        {
            ExpressionType.Equal => "eq",
            ExpressionType.NotEqual => "ne",
            ExpressionType.GreaterThan => "gt",
            ExpressionType.GreaterThanOrEqual => "ge",
            ExpressionType.LessThan => "lt",
            ExpressionType.LessThanOrEqual => "le",
            _ => null,
        };

    private static NotSupportedException Unsupported(Expression expression, string reason)
        => new($"'{expression}' cannot be put into a filter: {reason}");

    private void WriteCondition(Expression condition)
    {
        switch (condition)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } and:
                WriteJoined(and, " and ");
                break;
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } or:
                WriteJoined(or, " or ");
                break;
            case UnaryExpression { NodeType: ExpressionType.Not } not:
                filter.Append("not ");
                WriteOperand(not.Operand);
                break;
            case BinaryExpression comparison when Operator(comparison.NodeType) is { } symbol:
                WriteComparison(comparison, symbol);
                break;
            case MethodCallExpression { Method.Name: "Equals" } call:
                WriteEquals(call);
                break;
            default:
                WriteFlag(condition);
                break;
        }
    }

    private void WriteJoined(BinaryExpression joined, string conjunction)
    {
        WriteOperand(joined.Left);
        filter.Append(conjunction);
        WriteOperand(joined.Right);
    }

    private void WriteOperand(Expression operand)
    {
        filter.Append('(');
        WriteCondition(operand);
        filter.Append(')');
    }

    private void WriteComparison(BinaryExpression comparison, string symbol)
    {
        // a.CompareTo(b) > 0 and string.Compare(a, b) > 0 mean a > b.
        if (ComparedBy(comparison.Left) is var (left, right))
        {
            if (!properties.IsAbsentFrom(comparison.Right) || Evaluated.Of(comparison.Right) is not 0)
            {
                throw Unsupported(comparison, "the result of a Compare or CompareTo can be compared with 0 only.");
            }

            WriteComparison(comparison, left, symbol, right);
        }
        else
        {
            WriteComparison(comparison, comparison.Left, symbol, comparison.Right);
        }
    }

    private void WriteComparison(Expression comparison, Expression left, string symbol, Expression right)
    {
        if (properties.IsAbsentFrom(left) == properties.IsAbsentFrom(right))
        {
            throw Unsupported(comparison, "a comparison has a stored property on one side and a value on the other.");
        }

        WriteSide(comparison, left);
        filter.Append(' ').Append(symbol).Append(' ');
        WriteSide(comparison, right);
    }

    private void WriteSide(Expression comparison, Expression side)
    {
        if (properties.IsAbsentFrom(side))
        {
            try
            {
                filter.Append(FilterLiteral.Of(Evaluated.Of(side)));
            }
            catch (ArgumentException exception)
            {
                throw new NotSupportedException($"'{comparison}' cannot be put into a filter: {exception.Message}", exception);
            }

            return;
        }

        var name = properties.NameOf(side, out var type) ?? throw Unsupported(comparison, "only properties of the entity itself can be compared, without calls or arithmetic around them.");
        if ((Nullable.GetUnderlyingType(type) ?? type).IsEnum)
        {
            throw Unsupported(comparison, $"enums are stored by name and compared by number. Write the filter as text: CreateQueryFilter($\"{name} eq {{value.ToString()}}\").");
        }

        filter.Append(name);
    }

    /// <summary>A condition that is a flag by itself means that it is true.</summary>
    private void WriteFlag(Expression condition)
    {
        if (properties.IsAbsentFrom(condition))
        {
            filter.Append(FilterLiteral.Of(Evaluated.Of(condition)));
        }
        else if (properties.NameOf(condition, out var type) is { } name && (Nullable.GetUnderlyingType(type) ?? type) == typeof(bool))
        {
            filter.Append(name).Append(" eq true");
        }
        else
        {
            throw Unsupported(condition, "use ==, !=, <, <=, >, >=, Equals, Compare, CompareTo, &&, || and ! on properties of the entity.");
        }
    }

    private void WriteEquals(MethodCallExpression call)
    {
        var (left, right) = (call.Object, call.Arguments.Count) switch
        {
            ({ } subject, 1) => (subject, call.Arguments[0]),
            (null, 2) => (call.Arguments[0], call.Arguments[1]),
            _ => throw Unsupported(call, "the service compares ordinally, by letter case, and knows no other comparison."),
        };
        WriteComparison(call, left, "eq", right);
    }

    private static (Expression Left, Expression Right)? ComparedBy(Expression expression)
        => expression is not MethodCallExpression call || call.Type != typeof(int)
            ? null
            : (call.Method.Name, call.Object, call.Arguments.Count) switch
            {
                ("CompareTo", { } subject, 1) => (subject, call.Arguments[0]),
                ("Compare", null, 2) => (call.Arguments[0], call.Arguments[1]),
                ("Compare" or "CompareTo", _, _) => throw Unsupported(call, "the service compares ordinally, by letter case, and knows no other comparison."),
                _ => null,
            };
}
