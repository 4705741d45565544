using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Chard.Emulator.Functions.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace Chard.Emulator.Functions.Discovery;

/// <summary>Finds the methods that are functions, and every mistake in their signatures.</summary>
internal static partial class FunctionDiscovery
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The functions of the given classes, by name. Faults are added, one a mistake; a function with a mistake is left out.</summary>
    public static FunctionCatalog Discover(IEnumerable<Type> types, BindingRules rules, IReadOnlyList<string>? only, List<string> faults)
    {
        var functions = new List<FunctionDescriptor>();
        foreach (var method in types.SelectMany(type => type.GetMethods(Everything)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>(inherit: true) is not { } attribute)
            {
                if (only is null)
                {
                    CheckStray(method, faults);
                }

                continue;
            }

            if ((only is not null && !only.Contains(attribute.Name, StringComparer.OrdinalIgnoreCase)) || IsDisabled(attribute.Name, rules.Configuration))
            {
                continue;
            }

            var place = $"Function '{attribute.Name}' ({method.ReflectedType!.FullName}.{method.Name})";
            var own = new List<string>();
            var function = Describe(attribute.Name, method, own);
            if (function is not null && own.Count == 0)
            {
                rules.Bind(function, own);
            }

            if (own.Count == 0)
            {
                functions.Add(function!);
            }

            faults.AddRange(own.Select(fault => $"{place}: {fault}"));
        }

        foreach (var same in functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            faults.Add($"Function name '{same.Key}' is taken {same.Count()} times: {string.Join(", ", same.Select(function => function.EntryPoint))}. Names are unique, whatever their case.");
        }

        foreach (var same in functions.Where(function => function.Kind.IsDurable())
            .GroupBy(function => (function.Kind, Name: function.DurableName().ToUpperInvariant()))
            .Where(group => group.Select(function => function.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1))
        {
            faults.Add($"{same.Key.Kind} '{same.First().DurableName()}' is declared {same.Count()} times: {string.Join(", ", same.Select(function => function.EntryPoint))}.");
        }

        return faults.Count > 0
            ? new FunctionCatalog([])
            : new FunctionCatalog([.. functions.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex ValidName();

    /// <summary>As on Azure; the second form is for environments whose variables have no dots.</summary>
    private static bool IsDisabled(string name, IConfiguration configuration) =>
        bool.TryParse(configuration[$"AzureWebJobs.{name}.Disabled"] ?? configuration[$"AzureWebJobs_{name}_Disabled"], out var disabled) && disabled;

    private static FunctionDescriptor? Describe(string name, MethodInfo method, List<string> faults)
    {
        if (!ValidName().IsMatch(name))
        {
            faults.Add("the name must be 1 to 128 letters, digits, '_' and '-', a letter first");
        }

        if (!method.IsPublic)
        {
            faults.Add("the method must be public");
        }

        if (method.ContainsGenericParameters || method.ReflectedType!.ContainsGenericParameters)
        {
            faults.Add("neither the method nor its class may be generic");
        }

        if (!method.IsStatic && method.ReflectedType!.IsAbstract)
        {
            faults.Add("the class is abstract, so no instance of it can be made");
        }

        if (method.ReturnType == typeof(void) && method.GetCustomAttribute<AsyncStateMachineAttribute>() is not null)
        {
            faults.Add("the method is async void, so nobody could wait for it; return a Task");
        }

        var triggers = method.GetParameters()
            .Select((parameter, index) => (parameter, index, attribute: parameter.GetCustomAttribute<TriggerBindingAttribute>(true)))
            .Where(item => item.attribute is not null)
            .ToArray();
        if (triggers.Length != 1)
        {
            faults.Add(triggers.Length == 0
                ? "no parameter has a trigger; mark one with [HttpTrigger], [QueueTrigger], [TimerTrigger], [OrchestrationTrigger], [ActivityTrigger] or [EntityTrigger]"
                : $"parameters {string.Join(", ", triggers.Select(item => $"'{item.parameter.Name}'"))} all have a trigger; a function has exactly one");
            return null;
        }

        if (method.GetParameters().FirstOrDefault(parameter => parameter.ParameterType.IsByRef) is { } byRef)
        {
            faults.Add($"parameter '{byRef.Name}' is ref, in or out, which no binding fills");
            return null;
        }

        var (_, index, trigger) = triggers[0];
        if (TriggerKinds.Of(trigger!) is not { } kind)
        {
            faults.Add($"the emulator has no trigger {trigger!.GetType().Name}");
            return null;
        }

        return faults.Count > 0 ? null : new FunctionDescriptor(name, method, kind, trigger!, index, OutputsOf(method, faults));
    }

    private static List<OutputBinding> OutputsOf(MethodInfo method, List<string> faults)
    {
        var outputs = new List<OutputBinding>();
        var result = ResultType(method.ReturnType);
        if (method.GetCustomAttribute<OutputBindingAttribute>(true) is { } whole)
        {
            outputs.Add(new OutputBinding("$return", whole, null));
        }

        if (result is not null)
        {
            outputs.AddRange(result.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(property => (property, attribute: property.GetCustomAttribute<OutputBindingAttribute>(true)))
                .Where(item => item.attribute is not null)
                .Select(item => new OutputBinding(item.property.Name, item.attribute!, item.property)));
        }

        if (outputs.Count(output => output.Attribute is HttpResultAttribute) > 1)
        {
            faults.Add("only one property of the result can be the [HttpResult]");
        }

        return outputs;
    }

    private static Type? ResultType(Type type)
    {
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
        {
            return null;
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;
    }

    /// <summary>A trigger on a method that is no function would never run; the real tools drop it in silence.</summary>
    private static void CheckStray(MethodInfo method, List<string> faults)
    {
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.GetCustomAttribute<TriggerBindingAttribute>(true) is { } trigger)
            {
                faults.Add($"{method.ReflectedType!.FullName}.{method.Name} has [{trigger.GetType().Name.Replace("Attribute", string.Empty, StringComparison.Ordinal)}] on '{parameter.Name}' but no [Function], so it would never run.");
            }
        }
    }
}
