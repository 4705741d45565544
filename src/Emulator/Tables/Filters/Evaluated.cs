using System.Linq.Expressions;
using System.Reflection;

namespace Chard.Emulator.Tables.Filters;

/// <summary>The value of an expression that does not depend on the entity.</summary>
internal static class Evaluated
{
    /// <summary>Constants and captured variables, which nearly all are, are read; the rest is interpreted, for a compiled method would run once.</summary>
    public static object Of(Expression expression)
        => expression switch
        {
            ConstantExpression constant => constant.Value,
            MemberExpression { Member: FieldInfo field, Expression: null } => field.GetValue(null),
            MemberExpression { Member: FieldInfo field, Expression: { } owner } when Of(owner) is { } instance => field.GetValue(instance),
            UnaryExpression { NodeType: ExpressionType.Convert, Method: null } conversion
                when conversion.Type == typeof(object) || Nullable.GetUnderlyingType(conversion.Type) == conversion.Operand.Type => Of(conversion.Operand),
            _ => Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
        };
}
