using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Chard.Emulator.Tests.ApiParity;

/// <summary>Writes the public and protected members of a type as the listings do, attributes left out.</summary>
/// <param name="annotated">Whether to write nullable annotations of reference types; a listing made without them is compared without.</param>
internal sealed class MemberText(bool annotated)
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>A line for each member that a user of the type can see.</summary>
    public IEnumerable<string> Lines(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }

        return type.IsEnum
            ? type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"F:{TypeText.Name(type)}.{field.Name} = {Number(field)}")
            : [
                .. type.GetConstructors(Declared).Where(item => Seen(item) && !item.IsStatic).Select(Constructor),
                .. type.GetFields(Declared).Where(Seen).Select(Field),
                .. type.GetProperties(Declared).Where(item => item.GetAccessors(true).Any(Seen)).Select(Property),
                .. type.GetEvents(Declared).Where(item => item.AddMethod is { } add && Seen(add)).Select(Event),
                .. type.GetMethods(Declared).Where(item => Seen(item) && IsOrdinary(item)).Select(Method),
            ];
    }

    /// <summary>"(parameters)" of a delegate with its return type in front.</summary>
    public string Signature(MethodInfo invoke) => $"{Return(invoke)} ({Parameters(invoke)})";

    /// <summary>" where T : …" of generic parameters.</summary>
    public static string Constraints(Type[] parameters, MemberInfo declaring) =>
        string.Concat(parameters.Select(parameter => (parameter.Name, Text: Constraint(parameter, declaring)))
            .Where(item => item.Text.Length > 0).Select(item => $" where {item.Name} : {item.Text}"));

    private static string Constraint(Type parameter, MemberInfo declaring)
    {
        var attributes = parameter.GenericParameterAttributes;
        List<string> parts = [];
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Add("class");
        }
        else if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            parts.Add("struct");
        }

        var types = parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(TypeText.Name).ToList();
        if (parts.Count == 0 && types.Count == 0 && TypeText.Flag(parameter, parameter.DeclaringMethod ?? declaring) == 1)
        {
            parts.Add("notnull");
        }

        parts.AddRange(types);
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && parts is not ["struct", ..])
        {
            parts.Add("new()");
        }

        return string.Join(", ", parts);
    }

    private static bool Seen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool Seen(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsOrdinary(MethodInfo method) =>
        (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !method.Name.Contains('<', StringComparison.Ordinal);

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Modifiers(MethodInfo method)
    {
        var access = Access(method);
        if (method.DeclaringType!.IsInterface)
        {
            return method.IsStatic ? access + " static" : access;
        }

        var overrides = method.GetBaseDefinition() != method;
        return (method.IsStatic, method.IsAbstract, method.IsVirtual, method.IsFinal, overrides) switch
        {
            (true, _, _, _, _) => access + " static",
            (_, true, _, _, true) => access + " abstract override",
            (_, true, _, _, _) => access + " abstract",
            (_, _, true, true, true) => access + " sealed override",
            (_, _, true, false, true) => access + " override",
            (_, _, true, false, false) => access + " virtual",
            _ => access,
        };
    }

    private static string Number(FieldInfo field) => Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)!;

    private string Constructor(ConstructorInfo item) => $"C:{Access(item)} {TypeText.Name(item.DeclaringType!)}({Parameters(item)})";

    private string Field(FieldInfo item)
    {
        var modifiers = (item.IsLiteral, item.IsStatic, item.IsInitOnly) switch
        {
            (true, _, _) => " const",
            (_, true, true) => " static readonly",
            (_, true, false) => " static",
            (_, false, true) => " readonly",
            _ => string.Empty,
        };
        var value = item.IsLiteral ? $" = {Value(item.GetRawConstantValue(), item.FieldType)}" : string.Empty;
        var type = TypeText.At(item.FieldType, item, annotated, item.DeclaringType);
        return $"F:{(item.IsPublic ? "public" : "protected")}{modifiers} {type} {TypeText.Name(item.DeclaringType!)}.{item.Name}{value}";
    }

    private string Property(PropertyInfo item)
    {
        var accessors = item.GetAccessors(true).Where(Seen).ToArray();
        var lead = accessors.FirstOrDefault(accessor => accessor.IsPublic) ?? accessors[0];
        var type = TypeText.At(item.PropertyType, item, annotated, item.DeclaringType);
        var name = item.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(parameter => Parameter(parameter, item.GetMethod ?? item.SetMethod!)))}]" : item.Name;
        var text = new StringBuilder($"P:{Modifiers(lead)} {type} {TypeText.Name(item.DeclaringType!)}.{name} {{");
        foreach (var accessor in accessors)
        {
            var own = accessor.IsPublic == lead.IsPublic ? string.Empty : "protected ";
            var word = accessor == item.GetMethod ? "get"
                : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set";
            text.Append(' ').Append(own).Append(word).Append(';');
        }

        return text.Append(" }").ToString();
    }

    private string Event(EventInfo item) =>
        $"E:{Modifiers(item.AddMethod!)} {TypeText.At(item.EventHandlerType!, item, annotated, item.DeclaringType)} {TypeText.Name(item.DeclaringType!)}.{item.Name}";

    private string Method(MethodInfo item)
    {
        var generic = item.IsGenericMethod ? $"<{string.Join(", ", item.GetGenericArguments().Select(argument => argument.Name))}>" : string.Empty;
        var where = item.IsGenericMethod && item.GetBaseDefinition() == item ? Constraints(item.GetGenericArguments(), item) : string.Empty;
        return $"M:{Modifiers(item)} {Return(item)} {TypeText.Name(item.DeclaringType!)}.{item.Name}{generic}({Parameters(item)}){where}";
    }

    private string Return(MethodInfo item) => TypeText.At(item.ReturnType, item.ReturnParameter, annotated, item);

    private string Parameters(MethodBase item)
    {
        var list = string.Join(", ", item.GetParameters().Select(parameter => Parameter(parameter, item)));
        return item.IsDefined(typeof(ExtensionAttribute), false) ? "this " + list : list;
    }

    private string Parameter(ParameterInfo item, MethodBase method)
    {
        var prefix = item.IsOut ? "out " : item.ParameterType.IsByRef ? item.IsIn ? "in " : "ref " : item.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : string.Empty;
        var value = item.HasDefaultValue ? $" = {Value(item.RawDefaultValue, item.ParameterType)}" : string.Empty;
        return $"{prefix}{TypeText.At(item.ParameterType, item, annotated, method)} {item.Name}{value}";
    }

    private static string Value(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : type.IsGenericParameter ? "default" : "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        _ when type.IsEnum => EnumValue(value, type),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // The listings write the first member of the value; a zero without a member is "default".
    private static string EnumValue(object value, Type type)
    {
        var number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        var member = type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .FirstOrDefault(field => Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture) == number);
        return member is null ? "default" : $"{TypeText.Name(type)}.{member.Name}";
    }
}
