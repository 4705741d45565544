using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace Chard.LocalHost.Options;

/// <summary>
/// Mistakes of functions that show in functions.metadata, which the build has written: all are told at once, before anything is
/// started. The Functions host would leave such a function out and go on.
/// </summary>
internal sealed partial class FunctionRules(IConfiguration settings, List<string> faults)
{
    private static readonly string[] Triggers =
        ["httpTrigger", "queueTrigger", "timerTrigger", "orchestrationTrigger", "activityTrigger", "entityTrigger"];

    private readonly RouteOptions routes = new();

    /// <summary>
    /// Checks all functions that are not disabled; of those that host.json names in <c>functions</c>, where it names any.
    /// </summary>
    public void Check(string app, IConfiguration hostJson)
    {
        var chosen = hostJson.GetSection("functions").GetChildren().Select(name => name.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var path = Path.Combine(app, "functions.metadata");
        if (!File.Exists(path))
        {
            faults.Add(
                $"{path} is missing: {app} is no output folder of an isolated Functions app. Build the app, and name its "
                    + "output folder with --app.");
            return;
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var functions = document.RootElement.EnumerateArray()
            .Where(function => Text(function, "name") is { } name && !IsDisabled(name) && (chosen.Count == 0 || chosen.Contains(name)))
            .ToList();
        foreach (var function in functions)
        {
            Function(function);
        }

        foreach (var taken in functions.GroupBy(function => Text(function, "name")!, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1))
        {
            faults.Add(
                $"Function name {taken.Key} is taken {taken.Count()} times: "
                    + $"{string.Join(", ", taken.Select(function => Text(function, "entryPoint")))}.");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex FunctionName();

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex QueueName();

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Lookup();

    private bool IsDisabled(string name) => settings[$"AzureWebJobs.{name}.Disabled"] is "1"
        || settings.GetValue($"AzureWebJobs:{name}:Disabled", false)
        || string.Equals(settings[$"AzureWebJobs.{name}.Disabled"], "true", StringComparison.OrdinalIgnoreCase);

    private void Function(JsonElement function)
    {
        var name = Text(function, "name")!;
        var place = $"Function {name} ({Text(function, "entryPoint")})";
        if (!FunctionName().IsMatch(name))
        {
            faults.Add($"{place}: a name is 1 to 128 letters, digits, - and _, and begins with a letter.");
        }

        var bindings = function.GetProperty("bindings").EnumerateArray().ToList();
        var triggers = bindings.Where(binding => Text(binding, "type")?.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase) == true)
            .ToList();
        if (triggers.Count != 1)
        {
            faults.Add(
                $"{place} has {triggers.Count} triggers "
                    + $"({string.Join(", ", triggers.Select(trigger => Text(trigger, "type")))}); it must have one.");
            return;
        }

        foreach (var binding in bindings)
        {
            Binding(binding, place);
        }
    }

    private void Binding(JsonElement binding, string place)
    {
        var type = Text(binding, "type")!;
        switch (type)
        {
            case "timerTrigger" when Resolve(binding, "schedule", place) is { } schedule && !IsSchedule(schedule):
                faults.Add(
                    $"{place}: '{schedule}' is no schedule: write {{second}} {{minute}} {{hour}} {{day}} {{month}} {{day of "
                    + $"week}}, such as \"0 */5 * * * *\", "
                    + "or a time such as \"00:05:00\".");
                break;
            case "queueTrigger" or "queue":
                // The WebJobs SDK lowers capitals itself.
                if (Resolve(binding, "queueName", place) is { } queue && !QueueName().IsMatch(queue.ToLowerInvariant()))
                {
                    faults.Add($"{place}: '{queue}' is no queue name: 3 to 63 small letters, digits and single dashes between them.");
                }

                Connection(binding, place);
                break;
            case "httpTrigger":
                Route(Text(binding, "route"), place);
                break;
            default:
                if (type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)
                    && !Triggers.Contains(type, StringComparer.OrdinalIgnoreCase))
                {
                    faults.Add(
                        $"{place}: this host has no {type}, only {string.Join(", ", Triggers)}. Leave the function out with the setting "
                        + $"AzureWebJobs.{place.Split(' ')[1]}.Disabled=true, or use Azure Functions Core Tools.");
                }

                break;
        }
    }

    private void Connection(JsonElement binding, string place)
    {
        var name = Text(binding, "connection");
        if (!string.IsNullOrEmpty(name) && !settings.GetSection(name).Exists() && !settings.GetSection($"AzureWebJobs{name}").Exists())
        {
            faults.Add($"{place}: connection '{name}' names no setting. Add {name} to local.settings.json or to the environment.");
        }
    }

    private void Route(string? route, string place)
    {
        try
        {
            var unknown = RoutePatternFactory.Parse(route ?? string.Empty).Parameters
                .SelectMany(parameter => parameter.ParameterPolicies)
                .Select(policy => policy.Content!.Split('(')[0])
                .FirstOrDefault(policy => !routes.ConstraintMap.ContainsKey(policy));
            if (unknown is not null)
            {
                faults.Add(
                    $"{place}: route '{route}' has the constraint '{unknown}', which is "
                        + $"none{Nearest.Hint(unknown, routes.ConstraintMap.Keys)}");
            }
        }
        catch (RoutePatternException error)
        {
            faults.Add($"{place}: '{route}' is no route: {error.Message}");
        }
    }

    private static bool IsSchedule(string schedule) =>
        schedule.Contains(':', StringComparison.Ordinal)
            ? TimeSpan.TryParse(schedule, System.Globalization.CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
            : CrontabSchedule.TryParse(
                schedule, new() { IncludingSeconds = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 }) is not null;

    /// <summary>The text with its <c>%NAME%</c> replaced by settings; null, and a fault, where a setting is missing.</summary>
    private string? Resolve(JsonElement binding, string property, string place)
    {
        var text = Text(binding, property) ?? string.Empty;
        var missing = Lookup().Matches(text).Select(match => match.Groups[1].Value).Where(name => settings[name] is null).ToList();
        faults.AddRange(
            missing.Select(name => $"{place}: %{name}% names no setting. Add {name} to local.settings.json or to the environment."));
        return missing.Count > 0 ? null : Lookup().Replace(text, match => settings[match.Groups[1].Value]!);
    }
}
