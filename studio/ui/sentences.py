"""The sentences of StudioErrors in Chinese; they are raised in English, by parts that know of no page."""

# ruff: noqa: RUF001 (Chinese has its own commas)

import re
from collections.abc import Mapping

SENTENCES: dict[str, str] = {
    # files and pictures
    "There is no room left to write {}; free some disk space and try again.": (
        "磁盘空间不足，无法写入 {0}；请释放一些空间后重试。"
    ),
    "{} cannot be the name of a file here; choose another name.": "此处不能使用文件名 {0}；请换一个名称。",
    "{} may not be written to; choose another folder for {}.": "没有权限写入 {0}；请为 {1} 另选文件夹。",
    "{} is not a picture that Easel reads; convert it to PNG, JPEG, WebP, TIFF, BMP or GIF.": (
        "{0:part}：不是 Easel 能读取的图片；请转换为 PNG、JPEG、WebP、TIFF、BMP 或 GIF。"
    ),
    "{} has 32-bit grey values; save it with 8 or 16 bits.": "{0:part}：灰度为 32 位；请以 8 位或 16 位保存。",
    "{} is {} x {} pixels but the picture is {} x {}; give a mask of the picture's size.": (
        "{0:part}：尺寸为 {1} x {2} 像素，而图片为 {3} x {4} 像素；请提供与图片同尺寸的蒙版。"
    ),
    '{} cannot be written as "{}"; use {}.': "{0:part}：不能保存为“{1}”格式；请使用 {2}。",
    "A quality of {} cannot be used for {}; choose 1 to 100.": "{1:part}：质量不能设为 {0}；请选择 1 到 100。",
    "{} has a side over the {} pixels that {} can hold; write a .png instead.": (
        "{0:part}：边长超过 {2} 格式的上限 {1} 像素；请改存为 .png。"
    ),
    "There is no picture in {}; choose PNG, JPEG, WebP, TIFF, BMP or GIF files.": (
        "{0} 中没有图片；请选择 PNG、JPEG、WebP、TIFF、BMP 或 GIF 文件。"
    ),
    "{} has {} x {} pixels ({} megapixels), over the limit of {} megapixels; make it smaller first.": (
        "{0:part}：尺寸为 {1} x {2} 像素（{3} 百万像素），超过 {4} 百万像素的上限；请先缩小。"
    ),
    "The settings are too long for {}; write a .png, or leave the settings out.": (
        "{0:part}：设置过长，无法写入该格式；请改存为 .png，或不保存设置。"
    ),
    "{} is empty (0 bytes); fetch or export it again.": "{0:part}：文件为空（0 字节）；请重新下载或导出。",
    "{} is a folder, not a picture; choose a file in it.": "{0} 是文件夹而不是图片；请选择其中的文件。",
    "{} is a device or pipe, not a picture; choose a file.": "{0} 是设备或管道而不是图片；请选择文件。",
    "{} does not exist; check the path.": "{0} 不存在；请检查路径。",
    "{} cannot be opened; check the path and its permissions.": "无法打开 {0}；请检查路径和权限。",
    "{} does not fit in memory; make it smaller and try again.": "{0:part}：内存放不下；请缩小后重试。",
    "{} holds a frame far larger than it says; export it again.": (
        "{0:part}：其中一帧远大于文件所声明的尺寸；请重新导出。"
    ),
    "{} is damaged, cut short or of a rare kind; fetch or export it again.": (
        "{0:part}：文件已损坏、不完整或类型罕见；请重新下载或导出。"
    ),
    "The name {} cannot be used; use up to {} lower-case letters, digits, - and _{}.": (
        "不能使用名称 {0}；最多 {1} 个字符，只用小写英文字母、数字、- 和 _{2:part}。"
    ),
    'There is no kind of device called "{}"; use auto, {}.': "没有名为“{0}”的设备类型；请使用 auto, {1}。",
    'This computer has no working "{}" device; use auto or cpu.': (
        "这台电脑上没有可用的“{0}”设备；请使用 auto 或 cpu。"
    ),
    "The models may not be changed here; start Easel without --read-only to do so.": (
        "此处不允许更改模型；如需更改，请在启动 Easel 时去掉 --read-only。"
    ),
    "The models may not be changed here; start Easel without --read-only to train.": (
        "此处不允许更改模型；如需训练，请在启动 Easel 时去掉 --read-only。"
    ),
    "{} trainings wait already; wait for one to end, or cancel one.": (
        "已有 {0} 个训练在排队；请等其中一个结束，或取消一个。"
    ),
    # tasks
    "The setting '{}' is {}; it must be {}.": "设置“{0}”的值为 {1}；应为{2:part}。",
    "{} is too large to be enlarged {} times; choose one of at most {} x {} px, or a smaller factor.": (
        "{0:part}：过大，无法放大到 {1} 倍；请选择不超过 {2} x {3} 像素的图片，或更小的倍数。"
    ),
    "The upscaler needs a scale of 2 or 4, a crop size that 8 divides, and 0 to 0.5 of soften.": (
        "放大网络的倍数须为 2 或 4，裁剪边长须能被 8 整除，soften 须为 0 到 0.5。"
    ),
    "This file does not say how it was made; choose a face that Easel saved with its settings.": (
        "此文件没有记录制作方式；请选择由 Easel 连同设置保存的人脸。"
    ),
    "The face model '{}' remembers no training pictures; train it anew to have them.": (
        "人脸模型“{0}”没有记住训练图片；请重新训练。"
    ),
    "'{}' is no circle that may move; write X,Y,RADIUS in px of the face.": (
        "“{0}”不是可移动区域的圆；请以人脸的像素写成 X,Y,RADIUS。"
    ),
    "The circles that may move lie outside of the face, 0 to {} px; move them inside.": (
        "可移动区域的圆位于人脸之外（0 到 {0} 像素）；请移到人脸之内。"
    ),
    "There is already a slider '{}'; choose another name.": "已有滑块“{0}”；请换一个名称。",
    "{} faces have it and {} have it not; mark at least {} in all and 3 of each side.": (
        "{0} 张人脸有该特征，{1} 张没有；请总共至少标记 {2} 张，每边至少 3 张。"
    ),
    "These marks do not tell faces apart (AUC {}; needed is {}); mark more faces, or look at the marks again.": (
        "这些标记无法区分人脸（AUC 为 {0}，需要 {1}）；请标记更多人脸，或重新检查已有标记。"
    ),
    "This favourite is no longer there; open the page anew.": "该收藏已不存在；请重新打开页面。",
    "No favourite is chosen; choose the one to remove.": "没有选择收藏；请选择要移除的一个。",
    "The slider has no name yet; write one, such as beard.": "滑块还没有名称；请写一个，例如 beard。",
    "What is to be pasted is wholly transparent; choose a cut-out with something in it.": (
        "要粘贴的内容完全透明；请选择有内容的抠图。"
    ),
    "What is to be pasted lies outside of the picture; move it inside.": "要粘贴的内容位于图片之外；请移到图片之内。",
    "Too little is to be pasted for fitted colours; paste it larger, or as it is (normal).": (
        "要粘贴的内容太小，无法调整颜色；请放大后粘贴，或使用普通模式（normal）。"
    ),
    "The mask is empty; paint over what is to be cut out.": "蒙版为空；请涂抹要抠出的部分。",
    "There is nothing to paste yet; choose a cut-out, or cut one out.": (
        "还没有要粘贴的内容；请选择抠图，或先抠出一块。"
    ),
    "No side is to move out; set left, top, right or bottom.": "没有要扩展的边；请设置左、上、右或下。",
    "The picture would have {} x {} px, more than Easel can save; move its sides out by less.": (
        "图片将达到 {0} x {1} 像素，超出 Easel 可保存的大小；请减少扩展量。"
    ),
    "Nothing is to be enhanced; set white balance, noise, blur or contrast.": (
        "没有要增强的内容；请设置白平衡、噪点、模糊或对比度。"
    ),
    "The model '{}' is for {}, not for {}; models for {}: {}.": (
        "模型“{0}”用于 {1}，不能用于 {2}；可用于 {3} 的模型：{4:part}。"
    ),
    "There is not enough memory for this; close other programs, or use a smaller picture, and try again.": (
        "内存不足；请关闭其他程序，或使用较小的图片，然后重试。"
    ),
    "The mask covers all that can be seen; leave some of the picture for the repair to learn from.": (
        "蒙版遮住了全部可见内容；请留下一部分图片供修复参考。"
    ),
    "The mask is {} px and the picture {} x {} px; draw a mask of the picture's size.": (
        "蒙版为 {0} 像素，而图片为 {1} x {2} 像素；请绘制与图片同尺寸的蒙版。"
    ),
    "The mask holds {} values; give True where the picture is to be filled.": (
        "蒙版的数值类型为 {0}；请以 True 标出要填充之处。"
    ),
    "The mask is empty; paint over what is to be filled.": "蒙版为空；请涂抹要填充的部分。",
    "The model '{}' has no style '{}'; choose one of: {}.": "模型“{0}”没有风格“{1}”；请从以下选择：{2}。",
    # steering faces
    "'{}' is no point to drag; write FROM>TO as X,Y>X,Y in px of the face.": (
        "“{0}”不是可拖动的点；请写成 起点>终点，即 X,Y>X,Y，单位为人脸图片的像素。"
    ),
    "The point '{}' lies outside of the face, 0 to {} px; move it inside.": (
        "点“{0}”在人脸图片（0 到 {1} 像素）之外；请移到图内。"
    ),
    "No point is dragged; give at least one as X,Y>X,Y.": "没有要拖动的点；请至少给出一个，写成 X,Y>X,Y。",
    "'{}' is no slider; write NAME=AMOUNT, such as form-1=2.": "“{0}”不是滑块；请写成 名称=数值，例如 form-1=2。",
    "There is no slider '{}'; there are {}.": "没有滑块“{0}”；可用的有 {1}。",
    "The slider '{}' is {}; choose from {} to {}.": "滑块“{0}”的值为 {1}；请选择 {2} 到 {3}。",
    "'{}' is no landmark; write left_eye=X,Y right_eye=X,Y nose=LENGTH mouth=WIDTHxHEIGHT size=SIDE.": (
        "“{0}”不是关键点；请写成 left_eye=X,Y right_eye=X,Y nose=长度 mouth=宽x高 size=边长。"
    ),
    "The landmarks lie outside of the picture, 0 to {} px; move them inside, or set size.": (
        "关键点在图片（0 到 {0} 像素）之外；请移到图内，或设置 size。"
    ),
    "The face's code does not belong to this model (code); use one that the same model wrote.": (
        "人脸代码与此模型不符（code）；请使用同一模型写出的代码。"
    ),
    "The seed {} is too large; choose one from 0 to {}.": "种子 {0} 过大；请选择 0 到 {1}。",
    "There is no face to steer yet; make some and choose one.": "还没有可调整的人脸；请先生成并选择一张。",
    "The points arrived damaged; set them anew.": "点的数据已损坏；请重新设置。",
    "No point is set; draw an arrow on the face, or move its landmarks.": (
        "尚未设置任何点；请在脸上画箭头，或移动关键点。"
    ),
    "A walk goes through 2 to {} faces, here are {}; give their seeds or codes.": (
        "漫游需经过 2 到 {0} 张脸，现有 {1} 张；请给出它们的种子或代码。"
    ),
    "None of these words is known here: {}; describe the face, its age or hair.": (
        "这里不认识这些词：{0}；请描述人脸、年龄或头发。"
    ),
    "These words ask for nothing that a face can show: {}; describe the face.": (
        "这些词没有提出脸上可见的要求：{0}；请描述人脸。"
    ),
    "The face model '{}' does not follow words; choose another model.": (
        "人脸模型“{0}”不支持文字描述；请换用其他模型。"
    ),
    "No face was found in {}; choose a photo in which one looks towards the camera.": (
        "{0:part}：没有找到人脸；请选择有人正对镜头的照片。"
    ),
    "There are {} faces in {}; say which, 1 being the largest (which).": (
        "{1:part}：有 {0} 张脸；请指明哪一张，1 为最大的一张（which）。"
    ),
    "The face in {} is only {} px wide; choose a larger picture of it.": (
        "{0:part}：人脸仅宽 {1} 像素；请选择更大的图片。"
    ),
    "The chosen face is not that of the photo; find the photo's face again.": (
        "所选的脸不是照片中的脸；请重新查找照片中的人脸。"
    ),
    "'{}' is no row of colours; write two or more as #rrggbb, from dark to light.": (
        "“{0}”不是一组颜色；请写两个以上的 #rrggbb，由深到浅。"
    ),
    # the page
    "The uploaded file is no longer there; choose it again.": "上传的文件已不存在；请重新选择。",
    "The pictures could not be kept; free some disk space and try again.": "图片无法保存；请释放一些磁盘空间后重试。",
    "There is no effort '{}'; choose one of {}.": "没有训练量“{0}”；请从以下选择：{1}。",
    "Folders can be given on the studio's own computer only; upload the pictures.": (
        "只有在运行工作室的电脑上才能指定文件夹；请上传图片。"
    ),
    "There are no pictures yet; add some, or give a folder.": "还没有图片；请添加，或指定一个文件夹。",
    "None of the pictures can be used; add readable ones that are large enough, sharp and light.": (
        "所有图片都不可用；请添加可读取、足够大、清晰且明亮的图片。"
    ),
    "The mask arrived damaged; paint it anew.": "收到的蒙版已损坏；请重新涂抹。",
    "There is no picture yet; drop one on the canvas.": "还没有图片；请拖一张到画布上。",
    "There is no result yet; make one first.": "还没有结果；请先生成。",
    # models
    "The weights are not finite numbers, so the training diverged; train with a lower rate (lr).": (
        "权重中有非有限数值，训练已发散；请用更低的学习率（lr）训练。"
    ),
    "{} is a pickle, which can run code when opened; use a .safetensors file instead.": (
        "{0} 是 pickle 文件，打开时可能运行代码；请改用 .safetensors 文件。"
    ),
    "{} is a pickle by its ending, which can run code when opened; use a .safetensors file.": (
        "从后缀看，{0} 是 pickle 文件，打开时可能运行代码；请使用 .safetensors 文件。"
    ),
    "{} has format {}, which this Easel cannot read; update Easel.": (
        "{0} 的格式版本为 {1}，当前的 Easel 无法读取；请更新 Easel。"
    ),
    "{} is of the unknown family '{}'; update Easel.": "{0} 属于未知的系列“{1}”；请更新 Easel。",
    "{} holds weights that are not finite numbers; import it again from its source.": (
        "{0} 的权重中有非有限数值；请从其来源重新导入。"
    ),
    "{} does not hold the weights its header promises; import it again from its source.": (
        "{0} 的权重与其文件头不符；请从其来源重新导入。"
    ),
    "{} is not a model made by Easel; choose a .safetensors file that Easel exported.": (
        "{0} 不是 Easel 的模型；请选择由 Easel 导出的 .safetensors 文件。"
    ),
    "The file {} cannot be read; choose a .safetensors file that Easel exported.": (
        "无法读取文件 {0}；请选择由 Easel 导出的 .safetensors 文件。"
    ),
    "{} has {} MB; a model may have {} MB.": "{0} 有 {1} MB；模型最大 {2} MB。",
    "The list of shipped models, {}, cannot be read; install Easel again.": (
        "无法读取内置模型的列表 {0}；请重新安装 Easel。"
    ),
    "There is already a model '{}'; choose another name.": "已有名为“{0}”的模型；请换一个名称。",
    "There is no model '{}'; choose one of your own.": "没有模型“{0}”；请选择你自己的模型。",
    "There is no model '{}'; choose another, or import or train one of that name.": (
        "没有模型“{0}”；请另选一个，或以此名称导入或训练模型。"
    ),
    "The model '{}' came with Easel and stays as it is; choose one of your own.": (
        "模型“{0}”是 Easel 内置的，不能更改；请选择你自己的模型。"
    ),
    "The file of the model '{}' is damaged; {}.": "模型“{0}”的文件已损坏；{1:part}。",
    "The file of the model '{}' cannot be read; {}.": "无法读取模型“{0}”的文件；{1:part}。",
    "The model '{}' is damaged; delete it and import or train it again.": ("模型“{0}”已损坏；请删除后重新导入或训练。"),
    "{} may not be written to; set EASEL_HOME to another folder.": (
        "没有权限写入 {0}；请将 EASEL_HOME 设为其他文件夹。"
    ),
    # jobs
    "{} cannot be created; set EASEL_HOME to another folder.": "无法创建 {0}；请将 EASEL_HOME 设为其他文件夹。",
    "The training process could not be started ({}); free memory and try again.": (
        "无法启动训练进程（{0}）；请释放内存后重试。"
    ),
    "There is no recipe '{}'; choose one of {}.": "没有训练内容“{0}”；请从以下选择：{1}。",
    "The recipe '{}' has no setting '{}'.": "训练内容“{0}”没有设置“{1}”。",
    "A training needs at least one folder or file of pictures; give --data.": (
        "训练至少需要一个图片文件或文件夹；请用 --data 指定。"
    ),
    "The setting 'lr' is {}; it must be above 0 and at most 1.": "设置“lr”的值为 {0}；应大于 0 且不超过 1。",
    "The setting '{}' is {}; it must be at least 1.": "设置“{0}”的值为 {1}；应至少为 1。",
    "The setting 'size' is {}; it must be a multiple of {}.": "设置“size”的值为 {0}；应为 {1} 的倍数。",
    "There is no job {}; see the list of jobs.": "没有任务 {0}；请查看任务列表。",
    "Job {} is {} and cannot be {}; {}.": "任务 {0} 的状态为“{1:part}”，不能“{2:part}”；{3:part}。",
    "Job {} is {}; cancel it before you delete it.": "任务 {0} 的状态为“{1:part}”；请先取消再删除。",
    "The job list {} cannot be used ({}); check the space and permissions of its folder.": (
        "无法使用任务列表 {0}（{1}）；请检查其文件夹的空间和权限。"
    ),
    "The job list {} is damaged; move it away, and Easel starts a new one.": (
        "任务列表 {0} 已损坏；请将其移走，Easel 会新建一个。"
    ),
    "This training was made by another version of Easel; start it anew.": (
        "此训练由另一版本的 Easel 创建；请重新开始训练。"
    ),
    "The training was killed {} times at the same place, perhaps for want of memory; lower the batch.": (
        "训练在同一处被终止了 {0} 次，可能是内存不足；请调低批大小。"
    ),
    # pictures for a training
    "{} holds a path that leads outside of it; pack the pictures anew.": (
        "{0} 中有指向压缩包之外的路径；请重新打包图片。"
    ),
    "{} would take up {} MB in {} files; give fewer or smaller pictures, or a folder of them.": (
        "{0} 解压后将占用 {1} MB，共 {2} 个文件；请减少或缩小图片，或改用文件夹。"
    ),
    "{} holds more than it says; pack the pictures anew.": "{0} 的实际内容多于其声明；请重新打包图片。",
    "{} is damaged, encrypted or no zip file; pack the pictures anew.": (
        "{0} 已损坏、已加密或不是 zip 文件；请重新打包图片。"
    ),
    "{} could not be unpacked; free some disk space and try again.": "无法解压 {0}；请释放一些磁盘空间后重试。",
    "{} has no columns 'file' and 'caption'; name them so in its first line.": (
        "{0} 没有“file”和“caption”列；请在第一行这样命名。"
    ),
    "No picture is left to train on; put some back, or add others.": "没有可用于训练的图片；请放回一些，或另行添加。",
    "None of the pictures is there any more; add them again.": "这些图片都已不存在；请重新添加。",
    # trainings
    "The training does not fit in memory; close other programs, or lower the batch, and retry.": (
        "内存不足，无法训练；请关闭其他程序，或调低批大小，然后重试。"
    ),
    "There is no room left in {}; free some disk space and retry.": "{0} 的磁盘空间不足；请释放一些空间后重试。",
    "The training stopped because of an internal error; the log is in {}": "训练因内部错误而停止；日志在 {0}",
    "No face was found in these pictures; add portraits that look towards the camera.": (
        "这些图片中没有找到人脸；请添加面向镜头的人像。"
    ),
    "No picture of at least {} px could be read in {}; add larger pictures.": (
        "{1} 中没有可读取的、边长至少 {0} 像素的图片；请添加更大的图片。"
    ),
    "{} already holds a run; add --resume to go on with it, or choose another folder.": (
        "{0} 中已有一次训练；请加 --resume 以继续，或另选文件夹。"
    ),
    "The training diverged; start it again with a lower learning rate (lr).": (
        "训练已发散；请用更低的学习率（lr）重新开始。"
    ),
    "The checkpoint {} does not fit this training; start again in an empty run folder.": (
        "检查点 {0} 与此训练不符；请在空的训练文件夹中重新开始。"
    ),
    "The model '{}' is of the family '{}'; choose one of '{}'.": ("模型“{0}”属于“{1}”系列；请选择“{2}”系列的模型。"),
    "{} style pictures were given; choose at most {}.": "给了 {0} 张风格图片；最多选择 {1} 张。",
    "The face size {} cannot be built; choose 16, 32, 64, 128 or 256.": (
        "人脸尺寸不能为 {0}；请选择 16、32、64、128 或 256。"
    ),
    "The perceptual recipe needs --teacher, or pictures in at least ten labelled folders.": (
        "训练编码器需要 --teacher，或按类别放在至少十个文件夹中的图片。"
    ),
    "A slider needs at least 10 labelled pictures; check the names in the tables' column 'file'.": (
        "每个滑块至少需要 10 张有标签的图片；请检查表格“file”列中的文件名。"
    ),
    "No attribute can be told apart in these pictures; label more of them, or others.": (
        "无法从这些图片中区分任何属性；请标注更多图片，或换用其他属性。"
    ),
    "The tables have no column '{}'; name columns that are there.": "表格中没有“{0}”列；请使用已有的列名。",
    "The table '{}' cannot be read; give a .csv with a column 'file'.": (
        "无法读取表格“{0}”；请提供包含“file”列的 .csv 文件。"
    ),
    "The sliders '{}' have no attribute with words; give others.": (
        "滑块“{0}”中没有可用文字描述的属性；请换用其他滑块。"
    ),
    "This face model cannot grow from {} to {} px; set its own size (size).": (
        "此人脸模型无法从 {0} 扩展到 {1} 像素；请设为它自己的尺寸（size）。"
    ),
    "The file '{}' holds no landmarks; give a .npz of names and points.": (
        "文件“{0}”不含人脸关键点；请提供包含 names 和 points 的 .npz 文件。"
    ),
    "The file '{}' has landmarks of none of these pictures; give the file that belongs to them.": (
        "文件“{0}”不含这些图片的关键点；请提供与图片对应的文件。"
    ),
    "{} does not hold the features of squeezenet1_1; give its .safetensors file.": (
        "{0} 不含 squeezenet1_1 的特征网络；请提供它的 .safetensors 文件。"
    ),
}
"""Each sentence, its values as {} -> Chinese, the values by number; {0:part} is one of PARTS, or as it is."""

PARTS: dict[str, str] = {
    "The picture": "图片",
    "The mask": "蒙版",
    ", such as '{}'": "，例如“{0}”",
    "a number from {} to {}": " {0} 到 {1} 之间的数",
    "a whole number from {} to {}": " {0} 到 {1} 之间的整数",
    "one of {}": "以下之一：{0}",
    "true or false": " true 或 false",
    "a text": "文字",
    "none yet; train or import one": "暂无；请训练或导入一个",
    "install Easel again": "请重新安装 Easel",
    "delete it and import or train it again": "请删除后重新导入或训练",
    "queued": "等待",
    "running": "训练",
    "paused": "暂停",
    "resumed": "继续",
    "done": "完成",
    "failed": "失败",
    "cancelled": "取消",
    "retried": "重试",
    "it can be paused or cancelled": "可以暂停或取消",
    "it can be paused or resumed or cancelled": "可以暂停、继续或取消",
    "it can be resumed or cancelled": "可以继续或取消",
    "it can be retried": "可以重试",
    "it has ended": "它已结束",
}
"""Words that a sentence takes in as one of its values."""

_Rules = list[tuple[re.Pattern[str], str]]


def _rules(table: Mapping[str, str]) -> _Rules:
    """What each template matches and its Chinese, those with the most text of their own first."""
    templates = sorted(table, key=lambda template: len(template.replace("{}", "")), reverse=True)
    return [
        (re.compile("(.*?)".join(map(re.escape, template.split("{}"))), re.DOTALL), table[template])
        for template in templates
    ]


_SENTENCES, _PARTS = _rules(SENTENCES), _rules(PARTS)


class _Value(str):
    """A value of a sentence, which `{0:part}` translates too."""

    def __format__(self, spec: str) -> str:
        return _chinese(self, _PARTS) if spec == "part" else str(self)


def _chinese(text: str, rules: _Rules) -> str:
    for pattern, chinese in rules:
        if found := pattern.fullmatch(text):
            return chinese.format(*map(_Value, found.groups()))
    return text


def translate(message: str, locale: str) -> str:
    """The sentence of an error in the page's language; a sentence that is not in the table stays as it is."""
    return _chinese(message, _SENTENCES) if locale.startswith("zh") else message
