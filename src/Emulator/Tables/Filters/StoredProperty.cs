using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.Serialization;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Chard.Emulator.Tables.Filters;

/// <summary>Knows the expressions that stand for a stored property of the entity in a predicate.</summary>
internal sealed class StoredProperty(ParameterExpression entity) : ExpressionVisitor
{
    private bool found;

    /// <summary>True for an expression that has nothing to do with the entity: a value.</summary>
    public bool IsAbsentFrom(Expression expression)
    {
        found = false;
        Visit(expression);
        return !found;
    }

    /// <summary>The name of the property that an expression stands for, null if it stands for none: <c>x.Name</c>, <c>x.Age.Value</c>, <c>x.GetInt32("Age")</c>, <c>x["Age"]</c>, with conversions around them.</summary>
    public string NameOf(Expression expression, out Type type)
    {
        type = expression.Type;
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion)
        {
            expression = conversion.Operand;
            type = expression.Type;
        }

        switch (expression)
        {
            case MemberExpression { Member.Name: nameof(Nullable<int>.Value), Expression: { } nullable } when Nullable.GetUnderlyingType(nullable.Type) is not null:
                return NameOf(nullable, out type);
            case MemberExpression { Member: PropertyInfo property, Expression: { } owner } when IsEntity(owner):
                return StoredName(property);
            case MethodCallExpression { Object: { } owner, Arguments: [var key] } call
                when IsEntity(owner) && (call.Method.DeclaringType == typeof(TableEntity) || call.Method.Name == "get_Item") && IsAbsentFrom(key):
                return Evaluated.Of(key) as string;
            default:
                return null;
        }
    }

    protected override Expression VisitParameter(ParameterExpression node)
    {
        found |= node == entity;
        return node;
    }

    private static string StoredName(PropertyInfo property)
        => property.DeclaringType == typeof(TableItem)
            ? "TableName"
            : property.GetCustomAttribute<DataMemberAttribute>()?.Name ?? property.Name;

    private bool IsEntity(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.TypeAs } conversion)
        {
            expression = conversion.Operand;
        }

        return expression == entity;
    }
}
