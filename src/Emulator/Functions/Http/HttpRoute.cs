using Chard.Emulator.Functions.Discovery;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Emulator.Functions.Http;

/// <summary>The route of an HTTP function.</summary>
internal static class HttpRoute
{
    public static void Check(FunctionDescriptor function, HttpTriggerAttribute trigger, List<string> faults)
    {
        try
        {
            RoutePatternFactory.Parse(Template(function, trigger, string.Empty));
        }
        catch (RoutePatternException error)
        {
            faults.Add($"route '{trigger.Route}' is no route template: {error.Message}");
        }

        foreach (var method in trigger.Methods ?? [])
        {
            if (method.Length == 0 || !method.All(char.IsAsciiLetter))
            {
                faults.Add($"'{method}' is no HTTP method");
            }
        }
    }

    /// <summary>Under the route prefix; a function without a route has its name.</summary>
    public static string Template(FunctionDescriptor function, HttpTriggerAttribute trigger, string prefix)
    {
        var route = (trigger.Route ?? function.Name).TrimStart('/');
        return prefix.Length == 0 ? route : $"{prefix}/{route}";
    }
}
