using System.Reflection;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Platform;
using Chard.Starts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chard;

/// <summary>What an app adds to Chard: its tasks, its workflows, and what it says of its own failures and routes.</summary>
public sealed class ChardBuilder
{
    private readonly HashSet<(string Name, Type Args, bool IsMarked)> _workflows = [];

    internal ChardBuilder(IServiceCollection services, IConfiguration configuration) =>
        (Services, Configuration) = (services, configuration);

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The app's settings.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>
    /// Adds every task of an assembly: the classes that implement <see cref="ITask{TArgs, TResult}"/> or
    /// <see cref="IStreamTask{TItem, TResult}"/>, each with its activity function there. One without the other stops the start.
    /// </summary>
    /// <typeparam name="TMarker">Any type of the assembly.</typeparam>
    public ChardBuilder AddTasksFrom<TMarker>()
    {
        Services.AddTasksFrom(typeof(TMarker).Assembly);
        return this;
    }

    /// <summary>
    /// Makes every orchestrator of an assembly startable that has <see cref="WorkflowAttribute"/>. One whose arguments need a check, or an
    /// input made of them, is added by <c>AddWorkflow</c> in place of the attribute.
    /// </summary>
    /// <typeparam name="TMarker">Any type of the assembly.</typeparam>
    /// <exception cref="InvalidOperationException">The attribute stands where no workflow is; says what is missing.</exception>
    public ChardBuilder AddWorkflowsFrom<TMarker>() => AddWorkflowsOf(typeof(TMarker).Assembly.GetTypes());

    /// <summary>As <see cref="AddWorkflowsFrom"/>, of some classes.</summary>
    internal ChardBuilder AddWorkflowsOf(params IEnumerable<Type> types)
    {
        MethodInfo add = new Func<string, IReadOnlyList<string>, ChardBuilder>(AddUnchecked<object>).Method.GetGenericMethodDefinition();
        foreach ((string name, Type args, IReadOnlyList<string> tasks) in MarkedWorkflows.In(types))
        {
            add.MakeGenericMethod(args).Invoke(this, BindingFlags.DoNotWrapExceptions, null, [name, tasks], null);
        }

        return this;
    }

    /// <summary>Makes an orchestrator startable by its name. Safe to call twice.</summary>
    /// <typeparam name="TArgs">Its arguments, which the start has as a JSON object and which are read strictly.</typeparam>
    /// <param name="name">Its name, which is its function's.</param>
    /// <param name="tasks">Names of the tasks it may call: their policies travel with its input.</param>
    /// <param name="check">Finds what is wrong with arguments of the right shape; null if nothing can be.</param>
    /// <param name="input">
    /// Makes of the arguments what the orchestrator gets, with the app's services; null to hand them on as they are. Its input is a
    /// <c>WorkflowInput</c> of that.
    /// </param>
    public ChardBuilder AddWorkflow<TArgs>(
        string name,
        IReadOnlyList<string> tasks,
        Func<TArgs, IReadOnlyList<JsonFault>>? check = null,
        Func<IServiceProvider, WorkflowInputMaker<TArgs>>? input = null)
        where TArgs : class =>
        AddWorkflow<TArgs>(name, tasks, _ => check ?? (static _ => []), input);

    /// <summary>Makes an orchestrator startable by its name, with a check that depends on the app's settings. Safe to call twice.</summary>
    /// <typeparam name="TArgs">Its arguments, which the start has as a JSON object and which are read strictly.</typeparam>
    /// <param name="name">Its name, which is its function's.</param>
    /// <param name="tasks">Names of the tasks it may call: their policies travel with its input.</param>
    /// <param name="check">With the app's services, makes what finds what is wrong with arguments of the right shape.</param>
    /// <param name="input">As of the other form.</param>
    public ChardBuilder AddWorkflow<TArgs>(
        string name,
        IReadOnlyList<string> tasks,
        Func<IServiceProvider, Func<TArgs, IReadOnlyList<JsonFault>>> check,
        Func<IServiceProvider, WorkflowInputMaker<TArgs>>? input = null)
        where TArgs : class
    {
        ArgumentNullException.ThrowIfNull(check);
        return Add(name, tasks, check, input, isMarked: false);
    }

    /// <summary>Makes an orchestrator startable by its name, as its definition says. Safe to call twice.</summary>
    public ChardBuilder AddWorkflow<TDefinition>()
        where TDefinition : class, IWorkflowDefinition
    {
        Services.AddWorkflow<TDefinition>();
        return this;
    }

    /// <summary>Says of the app's own exceptions which are worth another try. Safe to call twice.</summary>
    public ChardBuilder AddFailureRule<TRule>()
        where TRule : class, IFailureRule
    {
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IFailureRule, TRule>());
        return this;
    }

    /// <summary>
    /// Says who may call one of the app's own HTTP functions: without it, on Azure, nobody may. Of a function of the library's it takes the
    /// place of what the library says.
    /// </summary>
    /// <param name="function">Its name.</param>
    /// <param name="role">The least that its caller must be; null for everybody, known or not.</param>
    public ChardBuilder AddRoute(string function, Role? role)
    {
        Services.AddSingleton(new RoutePolicy(function, role));
        return this;
    }

    /// <summary>Adds the app's own HTTP functions to what <c>GET /api/openapi.json</c> gives.</summary>
    /// <param name="assembly">The assembly that has the document.</param>
    /// <param name="resource">Its name: an embedded OpenAPI document of <c>tags</c>, <c>paths</c> and <c>components</c>.</param>
    public ChardBuilder AddOpenApi(Assembly assembly, string resource)
    {
        Services.AddSingleton(new OpenApiPart(assembly, resource));
        return this;
    }

    private ChardBuilder AddUnchecked<TArgs>(string name, IReadOnlyList<string> tasks)
        where TArgs : class => Add<TArgs>(name, tasks, static _ => static _ => [], input: null, isMarked: true);

    /// <summary>One that is marked and added by name too is two: the catalogue says so, for only one of them has the check.</summary>
    private ChardBuilder Add<TArgs>(
        string name,
        IReadOnlyList<string> tasks,
        Func<IServiceProvider, Func<TArgs, IReadOnlyList<JsonFault>>> check,
        Func<IServiceProvider, WorkflowInputMaker<TArgs>>? input,
        bool isMarked)
        where TArgs : class
    {
        if (_workflows.Add((name, typeof(TArgs), isMarked)))
        {
            Services.AddSingleton<IWorkflowDefinition>(provider => new DefinedWorkflow<TArgs>(
                name, tasks, check(provider), input?.Invoke(provider), provider.GetRequiredService<TaskCatalogue>()));
        }

        return this;
    }
}
