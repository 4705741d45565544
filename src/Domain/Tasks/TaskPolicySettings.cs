using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Chard.Domain.Tasks;

/// <summary>Reads a task's policy from settings <c>Chard:Tasks:{name}:{member}</c>, which win over the class's attribute.</summary>
public static class TaskPolicySettings
{
    /// <summary>Where the settings of all tasks are.</summary>
    public const string Section = "Chard:Tasks";

    private static readonly Dictionary<string, PropertyInfo> Members = typeof(TaskPolicy)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Applies settings to a policy. What may be absent is set to null by an empty value.</summary>
    /// <param name="policy">The policy of the class.</param>
    /// <param name="task">Name of the task.</param>
    /// <param name="settings">What is set below the task's section: member and value.</param>
    /// <param name="faults">Gets a sentence a fault: key, value, and what it may be.</param>
    public static TaskPolicy Apply(
        TaskPolicy policy,
        string task,
        IEnumerable<KeyValuePair<string, string?>> settings,
        ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(faults);
        TaskPolicy result = policy with { };
        bool read = true;
        foreach ((string name, string? text) in settings)
        {
            string key = $"{Section}:{task}:{name}";
            if (!Members.TryGetValue(name, out PropertyInfo? member))
            {
                faults.Add($"{key} is no setting of a task. There are: {string.Join(", ", Members.Values.Select(m => m.Name))}.");
                read = false;
            }
            else if (TryRead(member.PropertyType, text, out object? value))
            {
                // The copy is this method's own until it returns, so setting an init-only member is no breach.
                member.SetValue(result, value);
            }
            else
            {
                faults.Add($"{key} is '{text}'; it must be {Expected(member.PropertyType)}.");
                read = false;
            }
        }

        if (read)
        {
            foreach (PolicyFault fault in TaskPolicyRules.Check(result))
            {
                faults.Add(fault.Say($"{Section}:{task}:{fault.Member}"));
            }
        }

        return result;
    }

    private static bool TryRead(Type type, string? text, out object? value)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return plain != type || plain == typeof(string);
        }

        if (plain == typeof(string))
        {
            value = text;
            return true;
        }

        if (plain == typeof(int))
        {
            bool ok = int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number);
            value = number;
            return ok;
        }

        if (plain == typeof(double))
        {
            bool ok = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
            value = number;
            return ok;
        }

        if (plain == typeof(bool))
        {
            bool ok = bool.TryParse(text, out bool flag);
            value = flag;
            return ok;
        }

        return !int.TryParse(text, out _) && Enum.TryParse(plain, text, ignoreCase: true, out value);
    }

    private static string Expected(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(int) ? "a whole number"
            : plain == typeof(double) ? "a number, with '.' as the decimal point"
            : plain == typeof(bool) ? "true or false"
            : "one of " + string.Join(", ", Enum.GetNames(plain).Select(JsonNamingPolicy.CamelCase.ConvertName));
    }
}
