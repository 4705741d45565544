using System.Text.Json.Serialization;
using Chard.Domain.Json;

namespace Chard.Domain.Schedules;

/// <summary>What becomes of ticks that passed while no host was there to start them.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CatchUp>))]
public enum CatchUp
{
    /// <summary>None of them is run: nothing that is past is started.</summary>
    None,

    /// <summary>The latest is run, unless a tick that is on time stands for it.</summary>
    Last,

    /// <summary>The oldest <see cref="ScheduleTicks.MaxCaughtUp"/> are run, in their order.</summary>
    All,
}
