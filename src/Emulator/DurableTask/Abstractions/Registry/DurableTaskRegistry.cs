using System.Reflection;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask;

/// <summary>The orchestrators, activities and entities of a worker. Names ignore case; each is given once.</summary>
public sealed partial class DurableTaskRegistry
{
    private readonly Dictionary<TaskName, Func<IServiceProvider, ITaskActivity>> activities = [];
    private readonly Dictionary<TaskName, Func<IServiceProvider, ITaskOrchestrator>> orchestrators = [];
    private readonly Dictionary<TaskName, Func<IServiceProvider, ITaskEntity>> entities = [];

    /// <summary>Adds an activity made anew for every call.</summary>
    public DurableTaskRegistry AddActivity(TaskName name, Func<IServiceProvider, ITaskActivity> factory) => Add(activities, name, factory, "activity");

    /// <summary>Adds an activity class, made from the worker's services for every call.</summary>
    public DurableTaskRegistry AddActivity(TaskName name, Type type) => AddActivity(name, Maker<ITaskActivity>(type));

    /// <summary>Adds an activity class under its own name.</summary>
    public DurableTaskRegistry AddActivity(Type type) => AddActivity(NameOf(type), type);

    /// <summary>Adds an activity class.</summary>
    public DurableTaskRegistry AddActivity<TActivity>(TaskName name)
        where TActivity : class, ITaskActivity => AddActivity(name, typeof(TActivity));

    /// <summary>Adds an activity class under its own name.</summary>
    public DurableTaskRegistry AddActivity<TActivity>()
        where TActivity : class, ITaskActivity => AddActivity(typeof(TActivity));

    /// <summary>Adds one activity object that serves every call.</summary>
    public DurableTaskRegistry AddActivity(TaskName name, ITaskActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivity(name, _ => activity);
    }

    /// <summary>Adds one activity object under its class's name.</summary>
    public DurableTaskRegistry AddActivity(ITaskActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return AddActivity(NameOf(activity.GetType()), activity);
    }

    /// <summary>Adds an orchestrator made anew for every execution.</summary>
    public DurableTaskRegistry AddOrchestrator(TaskName name, Func<ITaskOrchestrator> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Add(orchestrators, name, _ => factory(), "orchestrator");
    }

    /// <summary>Adds an orchestrator class, made from the worker's services for every execution.</summary>
    public DurableTaskRegistry AddOrchestrator(TaskName name, Type type) => Add(orchestrators, name, Maker<ITaskOrchestrator>(type), "orchestrator");

    /// <summary>Adds an orchestrator class under its own name.</summary>
    public DurableTaskRegistry AddOrchestrator(Type type) => AddOrchestrator(NameOf(type), type);

    /// <summary>Adds an orchestrator class.</summary>
    public DurableTaskRegistry AddOrchestrator<TOrchestrator>(TaskName name)
        where TOrchestrator : class, ITaskOrchestrator => AddOrchestrator(name, typeof(TOrchestrator));

    /// <summary>Adds an orchestrator class under its own name.</summary>
    public DurableTaskRegistry AddOrchestrator<TOrchestrator>()
        where TOrchestrator : class, ITaskOrchestrator => AddOrchestrator(typeof(TOrchestrator));

    /// <summary>Adds one orchestrator object that serves every execution.</summary>
    public DurableTaskRegistry AddOrchestrator(TaskName name, ITaskOrchestrator orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestrator(name, () => orchestrator);
    }

    /// <summary>Adds one orchestrator object under its class's name.</summary>
    public DurableTaskRegistry AddOrchestrator(ITaskOrchestrator orchestrator)
    {
        ArgumentNullException.ThrowIfNull(orchestrator);
        return AddOrchestrator(NameOf(orchestrator.GetType()), orchestrator);
    }

    /// <summary>Adds an entity made anew for every operation.</summary>
    public DurableTaskRegistry AddEntity(TaskName name, Func<IServiceProvider, ITaskEntity> factory) => Add(entities, name, factory, "entity");

    /// <summary>Adds an entity class, made from the worker's services for every operation.</summary>
    public DurableTaskRegistry AddEntity(TaskName name, Type type) => AddEntity(name, Maker<ITaskEntity>(type));

    /// <summary>Adds an entity class under its own name.</summary>
    public DurableTaskRegistry AddEntity(Type type) => AddEntity(NameOf(type), type);

    /// <summary>Adds an entity class.</summary>
    public DurableTaskRegistry AddEntity<TEntity>(TaskName name)
        where TEntity : class, ITaskEntity => AddEntity(name, typeof(TEntity));

    /// <summary>Adds an entity class under its own name.</summary>
    public DurableTaskRegistry AddEntity<TEntity>()
        where TEntity : class, ITaskEntity => AddEntity(typeof(TEntity));

    /// <summary>Adds one entity object that serves every operation.</summary>
    public DurableTaskRegistry AddEntity(TaskName name, ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return AddEntity(name, _ => entity);
    }

    /// <summary>Adds one entity object under its class's name.</summary>
    public DurableTaskRegistry AddEntity(ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return AddEntity(NameOf(entity.GetType()), entity);
    }

    /// <summary>What makes each activity.</summary>
    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskActivity>>> GetActivities() => activities;

    /// <summary>What makes each orchestrator.</summary>
    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskOrchestrator>>> GetOrchestrators() => orchestrators;

    /// <summary>What makes each entity.</summary>
    public IEnumerable<KeyValuePair<TaskName, Func<IServiceProvider, ITaskEntity>>> GetEntities() => entities;

    private DurableTaskRegistry Add<T>(Dictionary<TaskName, Func<IServiceProvider, T>> tasks, TaskName name, Func<IServiceProvider, T> factory, string kind)
    {
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        ArgumentNullException.ThrowIfNull(factory);
        return tasks.TryAdd(name, factory) ? this : throw new ArgumentException($"An {kind} named '{name}' is already added; names ignore case.", nameof(name));
    }

    private static Func<IServiceProvider, T> Maker<T>(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsAbstract || !typeof(T).IsAssignableFrom(type)
            ? throw new ArgumentException($"{type} must be a concrete class that implements {typeof(T)}.", nameof(type))
            : services => (T)ActivatorUtilities.GetServiceOrCreateInstance(services, type);
    }

    private static TaskName NameOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.GetCustomAttribute<DurableTaskAttribute>() is { Name.Name: { Length: > 0 } name } ? name : type.Name;
    }
}
